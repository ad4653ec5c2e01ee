// Why an instruction is refused, by the feature that it belongs to.
import { refuse } from '../refusal.js';
import { Opcode } from './opcodes.js';

const REFUSALS = {
  'relaxed-simd': {
    what: 'relaxed SIMD',
    why: 'its results depend on the processor',
    instead: 'build without -mrelaxed-simd (ordinary -msimd128 is fine)',
  },
  threads: {
    what: 'atomic operations for threads',
    why: 'the order of threads differs from run to run',
    instead: 'build without -pthread and -matomics, and split the work into more units',
  },
  exceptions: {
    what: 'exceptions',
    why: 'their forms and traces differ between engines',
    instead: 'build with -fno-exceptions, or in Rust with panic=abort; setjmp and longjmp need them too',
  },
  'tail-calls': {
    what: 'tail calls',
    why: 'the depth of the stack could not be bounded alike on every host',
    instead: 'build without -mtail-call',
  },
  gc: {
    what: 'garbage-collected or typed references',
    why: 'such values cannot be stored in a checkpoint',
    instead: 'compile to linear memory',
  },
  'reference-types': {
    what: 'references as values',
    why: 'they cannot be stored in a checkpoint',
    instead: 'use function pointers, the default of C, C++ and Rust',
  },
  'table-mutation': {
    what: 'reading or changing tables while running',
    why: 'a checkpoint could not follow it',
    instead: 'link statically, without dynamic loading',
  },
  'unknown-opcode': {
    what: 'something outside the WebAssembly that can be checked here',
    why: 'nobody knows that it does the same everywhere',
    instead: 'build for plain WebAssembly without experimental features',
  },
} as const;

type Feature = keyof typeof REFUSALS;

/** Ends the check: `minor` is the number behind a prefix. */
export function refuseOpcode(major: number, minor: number | null): never {
  const feature = featureOf(major, minor);
  const { what, why, instead } = REFUSALS[feature];
  const code = [major, ...(minor === null ? [] : [minor])].map((part) => `0x${part.toString(16)}`).join(' ');
  return refuse('MH-MOD-004', {
    reason: feature,
    what: `The module uses an instruction (${code}) of ${what}`,
    why,
    instead,
  });
}

function featureOf(major: number, minor: number | null): Feature {
  if (major === 0xfe) return 'threads';
  if (major === 0xfb || major === 0x14 || (major >= 0xd3 && major <= 0xd6)) return 'gc';
  if (major === 0x12 || major === 0x13 || major === 0x15) return 'tail-calls';
  if ((major >= 0x06 && major <= 0x0a) || major === 0x18 || major === 0x19 || major === 0x1f) return 'exceptions';
  if (major === 0x25 || major === 0x26) return 'table-mutation';
  if (major >= 0xd0 && major <= 0xd2) return 'reference-types';
  if (major === Opcode.vector && minor !== null && minor >= 0x100) return 'relaxed-simd';
  if (major === Opcode.miscellaneous && minor !== null && minor >= 12 && minor <= 17) return 'table-mutation';
  return 'unknown-opcode';
}
