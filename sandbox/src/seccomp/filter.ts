// Assembles the filter of system calls: a program of classic BPF (<linux/filter.h>, <linux/seccomp.h>) that lets through what the rules name; everything else does not exist (ENOSYS).
import { type Condition, type Rule, rulesFor } from './rules.js';
import { ARCHITECTURES } from './syscalls.js';

/** BPF_LD | BPF_W | BPF_ABS: a word of struct seccomp_data. */
const LOAD = 0x20;
/** BPF_ALU | BPF_AND | BPF_K. */
const AND = 0x54;
/** BPF_JMP | BPF_JEQ | BPF_K and BPF_JMP | BPF_JGE | BPF_K. */
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
/** BPF_RET | BPF_K. */
const RETURN = 0x06;

const SECCOMP_RET_KILL_PROCESS = 0x80000000;
const SECCOMP_RET_ALLOW = 0x7fff0000;
const SECCOMP_RET_ERRNO = 0x00050000;
const ENOSYS = 38;
/** Offsets in struct seccomp_data: { int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]; }, both architectures little-endian. */
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ARGUMENTS_OFFSET = 16;
/** __X32_SYSCALL_BIT: calls of another table under the same architecture. */
const X32_BIT = 0x40000000;
/** struct sock_filter: { __u16 code; __u8 jt; __u8 jf; __u32 k; }. */
const INSTRUCTION_BYTES = 8;

/** `code`, how far to jump if true and if false, and its constant. */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, constant: number];

/** The program for this architecture, or null where there is none. `ownPid` as in `rulesFor`. */
export function assembleFilter(options: { arch: string; ownPid: number | null }): Instruction[] | null {
  const architecture = ARCHITECTURES[options.arch];
  if (!architecture) return null;
  const { audit, numbers } = architecture;
  const known = rulesFor(options).flatMap(({ call, conditions }) => {
    const number = numbers[call];
    return number === undefined ? [] : [{ number, conditions }];
  });
  return [
    [LOAD, 0, 0, ARCHITECTURE_OFFSET],
    [JUMP_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, SECCOMP_RET_KILL_PROCESS],
    [LOAD, 0, 0, NUMBER_OFFSET],
    [JUMP_AT_LEAST, 0, 1, X32_BIT],
    [RETURN, 0, 0, SECCOMP_RET_KILL_PROCESS],
    ...known.flatMap(assembleRule),
    REFUSE,
  ];
}

const REFUSE: Instruction = [RETURN, 0, 0, SECCOMP_RET_ERRNO | ENOSYS];
const ALLOW: Instruction = [RETURN, 0, 0, SECCOMP_RET_ALLOW];

/** The number is in the accumulator, and stays there when it is another. */
function assembleRule({ number, conditions }: { number: number } & Pick<Rule, 'conditions'>): Instruction[] {
  const body = [...conditions.flatMap(assembleCondition), ALLOW];
  return [[JUMP_EQUAL, 0, body.length, number], ...body];
}

function assembleCondition({ argument, mask, values }: Condition): Instruction[] {
  const load: Instruction[] = [[LOAD, 0, 0, ARGUMENTS_OFFSET + 8 * argument]];
  if (mask !== undefined) load.push([AND, 0, 0, mask]);
  // Each value jumps over those behind it and over the refusal.
  const tests = values.map((value, index): Instruction => [JUMP_EQUAL, values.length - index, 0, value]);
  return [...load, ...tests, REFUSE];
}

/** As the kernel reads it. */
export function encodeFilter(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * INSTRUCTION_BYTES);
  for (const [index, [code, ifTrue, ifFalse, constant]] of program.entries()) {
    const at = index * INSTRUCTION_BYTES;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(ifTrue, at + 2);
    bytes.writeUInt8(ifFalse, at + 3);
    bytes.writeUInt32LE(constant, at + 4);
  }
  return bytes;
}
