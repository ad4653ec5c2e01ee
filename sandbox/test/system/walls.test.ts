// The walls against machine code: a process behind each makes the calls that a native attacker would make.
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { findWall, launch, type Wall } from '../../dist/index.js';

const KOFFI = dirname(createRequire(import.meta.url).resolve(`@koromix/koffi-linux-${process.arch}`));
const isThere = process.platform === 'linux' && process.arch === 'x64';
if (!isThere) console.warn('skipped: walls against machine code (not Linux on x64)');

/** Calls of x86-64, with arguments that would succeed or fail for another reason. */
const CALLS = {
  socket: [41, 1, 1, 0],
  socketpair: [53, 1, 1, 0, 0],
  connect: [42, 3, 0, 0],
  ptrace: [101, 16, 1, 0, 0],
  process_vm_readv: [310, 1, 0, 0, 0, 0, 0],
  kill: [62, 1, 0],
  tkill: [200, 1, 0],
  pidfd_open: [434, 1, 0],
  rt_sigqueueinfo: [129, 1, 0, 0],
  fork: [57],
  vfork: [58],
  'clone of a process': [56, 17, 0, 0, 0, 0],
  clone3: [435, 0, 0],
  execveat: [322, -100, 0, 0, 0, 0],
  mount: [165, 0, 0, 0, 0, 0],
  unshare: [272, 0],
  setns: [308, 0, 0],
  pivot_root: [155, 0, 0],
  chroot: [161, 0],
  bpf: [321, 0, 0, 0],
  io_uring_setup: [425, 1, 0],
  keyctl: [250, 0, 0, 0, 0, 0],
  userfaultfd: [323, 0],
  perf_event_open: [298, 0, 0, 0, 0, 0],
  memfd_create: [319, 0, 0],
  shmget: [29, 0, 4096, 0o1600],
  setuid: [105, 0],
  'open to write': [257, -100, 0, 1, 0],
  'setpriority of others': [141, 0, 1, 19],
  'limits of others': [302, 1, 7, 0, 0],
  'owner of a file’s signals': [72, 3, 8, 1],
  'words for a terminal': [16, 0, 0x5412, 0],
} as const;

/** A folder for PATH with these programs. */
function pathTo(names: readonly string[]): string {
  const folder = temporaryFolderSync('walls-path');
  for (const name of names) {
    const found = ['/usr/bin', '/bin'].map((place) => join(place, name)).find((file) => existsSync(file));
    if (found) symlinkSync(found, join(folder, name));
  }
  return folder;
}

const WAYS = {
  bubblewrap: ['bwrap'],
  namespaces: ['env', 'unshare', 'setpriv'],
  landlock: ['env'],
} as const;
const hasBubblewrap = existsSync('/usr/bin/bwrap') || process.env.MANYHANDS_REQUIRE_ALL === '1';
if (!hasBubblewrap) console.warn('skipped: the wall of bubblewrap (not installed)');
const kinds = (Object.keys(WAYS) as (keyof typeof WAYS)[]).filter((kind) => kind !== 'bubblewrap' || hasBubblewrap);

/** What a script of ours says behind the wall. */
async function say(wall: Wall, script: string): Promise<unknown> {
  const folder = temporaryFolderSync('walls-script');
  chmodSync(folder, 0o755);
  const file = join(folder, 'script.cjs');
  writeFileSync(file, script);
  const confined = launch({ script: file, nodeFlags: ['--allow-addons'], reads: [file, `${KOFFI}/`] }, wall);
  try {
    return await new Promise((resolve, reject) => {
      confined.child.once('message', resolve);
      confined.child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? code}`)));
    });
  } finally {
    await confined.kill();
  }
}

test.skipIf(!isThere).for(kinds)('%s: none of the calls of an attacker exists', async (kind) => {
  const wall = await findWall({ policy: 'required', searchPath: pathTo(WAYS[kind]) });
  expect(wall.report.kind).toBe(kind);
  const said = await say(
    wall,
    `const koffi = require(${JSON.stringify(KOFFI)});
     const call = koffi.load(null).func('syscall', 'long', ['long', 'long', 'long', 'long', 'long', 'long', 'long']);
     const calls = ${JSON.stringify(CALLS)};
     const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
     const verdict = (words) => (call(...words, ...Array(7 - words.length).fill(0)) < 0 ? names.get(koffi.errno()) : 'done');
     process.send(Object.fromEntries(Object.entries(calls).map(([name, words]) => [name, verdict(words)])));`,
  );
  expect(said).toEqual(Object.fromEntries(Object.keys(CALLS).map((name) => [name, 'ENOSYS'])));
});

test.skipIf(!isThere).for(kinds)(
  '%s: a process that is killed is gone, and so is what was started for it',
  async (kind) => {
    const wall = await findWall({ policy: 'required', searchPath: pathTo(WAYS[kind]) });
    const file = join(temporaryFolderSync('walls-script'), 'script.cjs');
    writeFileSync(file, 'process.on("message", () => {}); process.send("up")');
    const confined = launch({ script: file, reads: [file] }, wall);
    await new Promise((resolve) => confined.child.once('message', resolve));
    const { pid } = confined;
    expect(pid === confined.child.pid).toBe(kind === 'landlock');
    await confined.kill();
    for (const each of [pid, confined.child.pid]) expect(existsSync(`/proc/${each}`)).toBe(false);
  },
);
