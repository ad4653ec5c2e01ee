// Simulated hosts in a process of their own, and what they met with.
import { CrowdHost, type Listener } from './crowd-host.js';
import { Lateness } from './lateness.js';
import type { Acknowledged, CrowdAsk, CrowdSay, Group } from './messages.js';
import { Notes } from './notes.js';

const say = (message: CrowdSay): void => void process.send?.(message);
const notes: Record<Group, Notes> = { base: new Notes(), arrival: new Notes(), honest: new Notes() };
const leases: [number, number][] = [];
const acknowledged: Acknowledged[] = [];
const lateness = new Lateness();
let connected = 0;
let frozen: ReturnType<typeof collected> | undefined;

function begin({ hosts, ...place }: Extract<CrowdAsk, { type: 'begin' }>): void {
  for (const plan of hosts) void new CrowdHost(plan, place, listenerOf(plan.group)).run();
}

function listenerOf(group: Group): Listener {
  return {
    notes: notes[group],
    onLease: (askedAtMs, tookMs) => void leases.push([askedAtMs, tookMs]),
    onAcknowledged: (hostId, unitIndex) => void acknowledged.push([hostId, unitIndex]),
    onConnected: (change) => {
      connected += change;
    },
  };
}

function collected() {
  const { user, system } = process.cpuUsage();
  const groups = { base: notes.base.figures(), arrival: notes.arrival.figures(), honest: notes.honest.figures() };
  return structuredClone({ groups, leases, lateMs: lateness.samplesMs, cpuMs: (user + system) / 1000 });
}

function tally(): CrowdSay {
  const all = Object.values(notes);
  const joined = all.reduce((sum, { joinMs }) => sum + joinMs.length, 0);
  return { type: 'tally', connected, joined, receipts: acknowledged.length };
}

process.on('message', (message: CrowdAsk) => {
  if (message.type === 'begin') begin(message);
  if (message.type === 'tally') say(tally());
  if (message.type === 'freeze') {
    frozen = collected();
    say({ type: 'frozen' });
  }
  if (message.type === 'collect') say({ type: 'collected', ...(frozen ?? collected()), acknowledged });
});
process.on('disconnect', () => process.exit(0));
lateness.start();
