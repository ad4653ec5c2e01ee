// What one stranger costs the others: replays attacks against a coordinator with real workers, from one address and from many networks.
// Usage: npm run lab:siege -- [--json] [--only NAME]... [--from one|many|both] [--honest-hosts N] [--units N] [--seconds N] [--requests N] [--sockets N] [--nice N]
// Linux only: everybody has an address of 127.0.0.0/8. Exits with 1 when a requirement is missed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchChild } from '../bench/child.js';
import type { Attack } from './attack.js';
import { campaign } from './campaign.js';
import { type Deeds, type Figures, figuresOf, type Measured, missesOf } from './figures.js';
import type { AttackerAsk, AttackerSay, BurnerAsk, BurnerSay } from './messages.js';
import { type SiegeSettings, settingsOf } from './options.js';
import { type From, sourcesOf } from './sources.js';
import { inWords } from './words.js';
import { World } from './world.js';

type Row = { attack: string; from: From; misses: string[] } & Figures;

const log = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const settings = settingsOf(process.argv.slice(2));
  if (typeof settings === 'string') {
    log(`${settings}; see npm run lab:siege -- --help`);
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'manyhands-siege-'));
  try {
    const rows: Row[] = [];
    for (const attack of settings.attacks)
      for (const from of settings.froms) rows.push(await replay(attack, from, { settings, folder }));
    const { hosts, units, seconds, bounds } = settings;
    const isMet = rows.every(({ misses }) => misses.length === 0);
    if (settings.isJson) console.log(JSON.stringify({ version: 1, hosts, units, seconds, ...bounds, rows, isMet }));
    else for (const row of rows) console.log(inWords(row));
    return isMet ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Place = { settings: SiegeSettings; folder: string };

async function replay(attack: Attack, from: From, { settings, folder }: Place): Promise<Row> {
  log(`${attack.name} from ${from}: ${attack.about} ...`);
  const name = `${attack.name}-${from}`;
  const { measured: attacked, deeds } = await underAttack(attack, from, { settings, folder: join(folder, name) });
  const share = deeds.cpuMs / deeds.elapsedMs;
  log(`  ${deeds.requests} requests, ${share.toFixed(2)} of a core; now beside a process that takes as much ...`);
  const compared = await besideBurner(attack, share, { settings, folder: join(folder, `${name}-compared`) });
  const figures = figuresOf(attacked, compared, deeds);
  const row = { attack: attack.name, from, misses: missesOf(figures, settings.hosts), ...figures };
  log(inWords(row));
  return row;
}

async function underAttack(attack: Attack, from: From, place: Place): Promise<{ measured: Measured; deeds: Deeds }> {
  const attacker = new BenchChild<AttackerAsk, AttackerSay>('../siege/attacker-process');
  try {
    return await inWorld(attack, place, async (world) => {
      const { bounds } = place.settings;
      const { target } = world;
      const measured = await run(attack, place, { world, begin: () => begin() });
      const { type: _, ...deeds } = await attacker.ask({ type: 'end' }, 'ended');
      return { measured, deeds };

      async function begin(): Promise<void> {
        const words = { attack: attack.name, target, sources: sourcesOf(from), bounds };
        await attacker.ask({ type: 'begin', ...words }, 'begun');
      }
    });
  } finally {
    await attacker.stop();
  }
}

async function besideBurner(attack: Attack, share: number, place: Place): Promise<Measured> {
  const burner = new BenchChild<BurnerAsk, BurnerSay>('../siege/burner-process');
  try {
    return await inWorld(attack, place, (world) =>
      run(attack, place, {
        world,
        begin: async () => void (await burner.ask({ type: 'begin', share }, 'begun')),
      }),
    );
  } finally {
    await burner.stop();
  }
}

async function run(
  { hasCheck = false }: Attack,
  { settings: { hosts, units, seconds } }: Place,
  { world, begin }: { world: World; begin: () => Promise<void> },
): Promise<Measured> {
  return campaign(world, { hosts, units, seconds, hasCheck }, begin);
}

/** A world of its own, gone afterwards. */
async function inWorld<T>(
  { isOpen = false }: Attack,
  { settings: { hosts, nice }, folder }: Place,
  deed: (world: World) => Promise<T>,
): Promise<T> {
  const world = await World.open({ folder, hosts, isOpen, nice });
  try {
    return await deed(world);
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

// Whoever breaks it off ends all its processes with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();
