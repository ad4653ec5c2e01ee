// The filter of system calls, run as the kernel runs it: what passes, what does not exist, what ends the process.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assembleFilter, encodeFilter, type Instruction } from '../../src/seccomp/filter.js';
import { ARCHITECTURES } from '../../src/seccomp/syscalls.js';

type Call = { number: number; audit: number; values?: readonly number[] };
const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const NO_SUCH_CALL = 0x00050000 | 38;

/** Classic BPF over struct seccomp_data, as far as the filter uses it. */
function run(program: readonly Instruction[], { number, audit, values = [] }: Call): number {
  let accumulator = 0;
  for (let at = 0; at < program.length; at++) {
    const [code, ifTrue, ifFalse, constant] = program[at] as Instruction;
    if (code === 0x20) {
      const argument = (constant - 16) / 8;
      accumulator = constant === 0 ? number : constant === 4 ? audit : (values[argument] ?? 0) >>> 0;
    } else if (code === 0x54) accumulator = (accumulator & constant) >>> 0;
    else if (code === 0x15) at += accumulator === constant >>> 0 ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= constant ? ifTrue : ifFalse;
    else if (code === 0x06) return constant >>> 0;
    else throw new Error(`no such instruction: ${code}`);
  }
  throw new Error('the program has no end');
}

const THREAD = 0x3d0f00;
const TABLE: readonly [call: string, values: number[], passes: boolean][] = [
  ['read', [3], true],
  ['sendmsg', [3], true],
  ['futex', [], true],
  ['openat', [-100, 1, 0o2000000], true],
  ['openat', [-100, 1, 1], false],
  ['openat', [-100, 1, 2], false],
  ['openat', [-100, 1, 0o100], false],
  ['openat', [-100, 1, 0o1000], false],
  ['openat', [-100, 1, 0o20200000], false],
  ['clone', [THREAD], true],
  ['clone', [17], false],
  ['clone', [THREAD | 0x10000000], false],
  ['tgkill', [42, 43, 6], true],
  ['tgkill', [1, 1, 9], false],
  ['fcntl', [3, 4], true],
  ['fcntl', [3, 8], false],
  ['ioctl', [3, 0x5421], true],
  ['ioctl', [0, 0x5412], false],
  ['prctl', [15], true],
  ['prctl', [4], false],
  ['setpriority', [0, 0, 19], true],
  ['setpriority', [0, 7, 19], false],
  ['setpriority', [2, 0, 19], false],
  ['prlimit64', [0, 7], true],
  ['prlimit64', [7, 7], false],
];

test.for(['x64', 'arm64'])('%s: calls pass by their arguments', (arch) => {
  const { audit, numbers } = ARCHITECTURES[arch] as NonNullable<(typeof ARCHITECTURES)[string]>;
  const program = assembleFilter({ arch, ownPid: 42 }) ?? [];
  for (const [call, values, passes] of TABLE) {
    const number = numbers[call] as number;
    const verdict = run(program, { number, audit, values });
    expect(verdict, `${call}(${values})`).toBe(passes ? ALLOW : NO_SUCH_CALL);
  }
});

test.for(['x64', 'arm64'])(
  '%s: no call passes that is not in the table; another architecture ends the process',
  (arch) => {
    const { audit, numbers } = ARCHITECTURES[arch] as NonNullable<(typeof ARCHITECTURES)[string]>;
    const program = assembleFilter({ arch, ownPid: 42 }) ?? [];
    const known = new Set(Object.values(numbers));
    for (let number = 0; number < 600; number++)
      if (!known.has(number)) expect(run(program, { number, audit }), `call ${number}`).toBe(NO_SUCH_CALL);
    expect(run(program, { number: numbers.read as number, audit: 0x40000003 })).toBe(KILL);
    expect(run(program, { number: 0x40000000, audit })).toBe(KILL);
  },
);

test('a namespace of its own lets it signal what it sees', () => {
  const { audit, numbers } = ARCHITECTURES.x64 as NonNullable<(typeof ARCHITECTURES)[string]>;
  const program = assembleFilter({ arch: 'x64', ownPid: null }) ?? [];
  expect(run(program, { number: numbers.tgkill as number, audit, values: [2, 2, 6] })).toBe(ALLOW);
  expect(assembleFilter({ arch: 'riscv64', ownPid: null })).toBeNull();
});

test('the kernel takes at most 4,096 instructions of eight bytes', () => {
  const program = assembleFilter({ arch: 'x64', ownPid: 1 }) ?? [];
  expect(program.length).toBeLessThanOrEqual(4096);
  expect(encodeFilter(program)).toHaveLength(program.length * 8);
  expect([...encodeFilter([[0x15, 1, 2, 0xc000003e]])]).toEqual([0x15, 0, 1, 2, 0x3e, 0, 0, 0xc0]);
});

test.for([
  { arch: 'x64', header: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h' },
  { arch: 'arm64', header: '/usr/include/asm-generic/unistd.h' },
])('$arch: numbers are those of the kernel’s own headers, where they are installed', ({ arch, header }) => {
  if (!existsSync(header)) return;
  const text = readFileSync(header, 'utf8');
  for (const [call, number] of Object.entries(ARCHITECTURES[arch]?.numbers ?? {})) {
    const found = new RegExp(
      `#define __NR(?:3264)?_(?:${call}|${call.replace(/^newfstatat$/, 'fstatat')})\\s+(\\d+)`,
    ).exec(text);
    if (found) expect(number, call).toBe(Number(found[1]));
  }
});
