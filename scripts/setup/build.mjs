// Runs the steps whose sources have changed, side by side.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { at, environment, fail, root } from './places.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.build', '.git', 'test']);
/** What every step depends on. */
const COMMON = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'];

/** Resolves with the steps that were run and the seconds each took; ends the process when one fails. */
export async function build(steps) {
  mkdirSync(at('.build'), { recursive: true });
  const stamps = new Stamps(at('.build/stamps.json'));
  const stale = steps.filter((step) => !stamps.isFresh(step));
  const waiting = [...stale];
  const done = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const stamp = stamps.of(step); // before: what is changed while it runs is built again
      const seconds = await run(step);
      stamps.set(step, stamp);
      done.push({ label: step.label, seconds });
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
  return done;
}

class Stamps {
  #file;
  #stamps;
  #common = createHash('sha256')
    .update(COMMON.map((file) => readFileSync(at(file), 'utf8')).join('\0'))
    .digest('hex');

  constructor(file) {
    this.#file = file;
    this.#stamps = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  }

  of({ inputs }) {
    return this.#common + fingerprint(inputs);
  }

  isFresh(step) {
    return this.#stamps[step.label] === this.of(step) && step.outputs.every((file) => existsSync(at(file)));
  }

  set({ label }, stamp) {
    this.#stamps[label] = stamp;
    writeFileSync(this.#file, JSON.stringify(this.#stamps));
  }
}

/** A fingerprint of names, sizes and modification times: about 10 ms for a thousand files. */
function fingerprint(directories) {
  const hash = createHash('sha256');
  for (const directory of directories) {
    for (const path of [...filesUnder(at(directory))].sort()) {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function* filesUnder(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

async function run({ label, command, args, cwd, before }) {
  before?.();
  const startedMs = performance.now();
  const isWindows = process.platform === 'win32';
  const bin = at('node_modules/.bin', isWindows ? `${command}.cmd` : command);
  const child = spawn(bin, args, {
    cwd: at(cwd),
    env: environment(),
    shell: isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const problem = await new Promise((resolve) => {
    child.on('error', resolve).on('close', (status) => resolve(status === 0 ? undefined : output));
  });
  if (problem !== undefined) fail(`building ${label} failed:\n${problem}`, 1);
  const seconds = (performance.now() - startedMs) / 1000;
  process.stderr.write(`  ${label}: ${seconds.toFixed(1)} s\n`);
  return seconds;
}
