// One run: the honest join, work and look while somebody attacks, or merely takes as much of the processor.
import { setTimeout as sleep } from 'node:timers/promises';
import { outcomesSchema } from '@manyhands/contract';
import { BenchChild } from '../bench/child.js';
import type { Measured } from './figures.js';
import type { CrewAsk, CrewCount, CrewSay, Target } from './messages.js';
import { joinPatiently } from './patient-host.js';
import { newcomerAddress, PROBE_ADDRESS } from './sources.js';
import { callFrom } from './strangers.js';
import type { Disk } from './usage.js';
import type { World } from './world.js';

const HEAD_START_MS = 1000;
const PROBE_INTERVAL_MS = 250;
const PROBE_TIMEOUT_MS = 10_000;
const JOINS = 5;
const JOIN_INTERVAL_MS = 2000;
const JOIN_TIMEOUT_MS = 60_000;
const BATCH_TIMEOUT_MS = 420_000;
const CREW_TIMEOUT_MS = 180_000;
const CREW_POLL_MS = 1000;

export type CampaignOptions = { hosts: number; units: number; seconds: number; hasCheck: boolean };
type Crew = BenchChild<CrewAsk, CrewSay>;

/** `begin` starts what goes on beside the honest. */
export async function campaign(
  world: World,
  { hosts, units, seconds, hasCheck }: CampaignOptions,
  begin: () => Promise<void>,
): Promise<Measured> {
  const before = world.disk();
  await begin();
  await sleep(HEAD_START_MS);
  const ending = new AbortController();
  const health = probe(world.target, ending.signal);
  const crew: Crew = new BenchChild('../siege/crew-process');
  try {
    await crew.ask({ type: 'begin', target: world.target, hosts }, 'begun');
    const [batch, joinsMs, checkSeconds, count] = await Promise.all([
      batchIn(world, units),
      joins(world.target),
      hasCheck ? world.check() : null,
      crewAtWork(crew, hosts),
      sleep(seconds * 1000),
    ]);
    ending.abort();
    const { settled: crewResults } = await crew.ask({ type: 'count' }, 'counted');
    const used = { crewResults, memory: world.memory(), grown: difference(world.disk(), before) };
    return { healthMs: await health, joinsMs, ...batch, checkSeconds, crew: count, ...used };
  } finally {
    ending.abort();
    await crew.stop();
  }
}

async function probe({ url }: Target, signal: AbortSignal): Promise<number[]> {
  const timesMs: number[] = [];
  while (!signal.aborted) {
    const beganMs = performance.now();
    const place = { url: `${url}/healthz`, localAddress: PROBE_ADDRESS };
    const { status } = await callFrom(place, { cutOffAfterMs: PROBE_TIMEOUT_MS });
    timesMs.push(status === 200 ? performance.now() - beganMs : PROBE_TIMEOUT_MS);
    await sleep(PROBE_INTERVAL_MS);
  }
  return timesMs;
}

/** Times of hosts that nobody knows, until each is welcome. */
async function joins(target: Target): Promise<number[]> {
  const timesMs: number[] = [];
  for (let index = 0; index < JOINS; index++) {
    await sleep(JOIN_INTERVAL_MS);
    const beganMs = performance.now();
    const isOver = (): boolean => performance.now() - beganMs > JOIN_TIMEOUT_MS;
    const host = await joinPatiently(target, { localAddress: newcomerAddress(index) }, isOver);
    timesMs.push(performance.now() - beganMs);
    host?.close();
  }
  return timesMs;
}

async function batchIn(world: World, units: number): Promise<Pick<Measured, 'batchSeconds' | 'wrongCount'>> {
  const beganMs = performance.now();
  const batch = await world.submit('siege', units);
  const isDone = await batch.wait({ signal: AbortSignal.timeout(BATCH_TIMEOUT_MS) }).then(
    ({ counts }) => counts.accepted === units,
    () => false,
  );
  const batchSeconds = isDone ? (performance.now() - beganMs) / 1000 : null;
  return { batchSeconds, wrongCount: await wrongIn(world.target, batch.id) };
}

/** The program of the honest prints nothing. */
async function wrongIn({ url }: Target, batchId: string): Promise<number> {
  let wrong = 0;
  for (let after: number | null = -1; after !== null; ) {
    const path = `${url}/api/v1/batches/${batchId}/outcomes?stdout=1&limit=500&after=${after}`;
    const answer = await callFrom({ url: path, localAddress: PROBE_ADDRESS });
    if (answer.status !== 200) {
      await sleep(PROBE_INTERVAL_MS);
      continue;
    }
    const page = outcomesSchema.parse(JSON.parse(answer.body));
    wrong += page.outcomes.filter(({ state, stdout }) => state === 'accepted' && stdout !== '').length;
    after = page.next ?? null;
  }
  return wrong;
}

/** Resolves once every host is in and has had a result accepted, or when there was time enough. */
async function crewAtWork(crew: Crew, hosts: number): Promise<CrewCount> {
  const deadlineMs = performance.now() + CREW_TIMEOUT_MS;
  for (;;) {
    const { type: _, ...count } = await crew.ask({ type: 'count' }, 'counted');
    const isAtWork = count.joined === hosts && count.worked === hosts;
    if (isAtWork || performance.now() > deadlineMs) return count;
    await sleep(CREW_POLL_MS);
  }
}

function difference(now: Disk, before: Disk): Disk {
  return {
    databaseBytes: now.databaseBytes - before.databaseBytes,
    journalBytes: now.journalBytes - before.journalBytes,
    checkpointBytes: now.checkpointBytes - before.checkpointBytes,
    logBytes: now.logBytes - before.logBytes,
  };
}
