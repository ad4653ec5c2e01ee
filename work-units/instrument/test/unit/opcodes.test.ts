// The list of allowed instructions agrees with the engine: each listed one is valid, each number the engine refuses is not listed.
import { isManyhandsError } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { buildModule, uleb } from '../../../runtime/test/support/wasm-builder.js';
import { inspectApp } from '../../src/index.js';
import {
  type AllowedOpcode,
  type Immediate,
  MISCELLANEOUS_OPCODES,
  PLAIN_OPCODES,
  VECTOR_OPCODES,
} from '../../src/module/opcodes.js';

const UNREACHABLE = 0x00;
const FUNCREF = 0x70;
const VALUES: Readonly<Record<Immediate, readonly number[]>> = {
  none: [],
  block: [0x40],
  label: [0],
  labels: [1, 0, 0],
  function: [0],
  indirect: [0, 0],
  types: [1, 0x7f],
  local: [0],
  global: [0],
  address: [0, 0],
  memory: [0],
  'two-memories': [0, 0],
  'data-and-memory': [0, 0],
  data: [0],
  i32: [0],
  i64: [0],
  bytes4: [0, 0, 0, 0],
  bytes8: [0, 0, 0, 0, 0, 0, 0, 0],
  bytes16: new Array<number>(16).fill(0),
  lane: [0],
  'address-and-lane': [0, 0, 0],
};

/** In code that is never reached every operand type fits, so that one instruction can be tried alone. */
function tried(instruction: readonly number[], tail: readonly number[] = []): Uint8Array<ArrayBuffer> {
  return buildModule({
    functions: [{ locals: [0x7f], code: [UNREACHABLE, ...instruction, UNREACHABLE, ...tail] }],
    globals: [[0x7f, 1, 0x41, 0, 0x0b]],
    raw: { 4: [1, FUNCREF, 0, 1], 12: [1], 11: [1, 1, 0] },
  });
}

function tailOf(opcode: number): readonly number[] {
  return opcode >= 0x02 && opcode <= 0x04 ? [0x0b] : [];
}

function check(prefix: readonly number[], table: readonly (AllowedOpcode | undefined)[], opcode: number): void {
  const allowed = table[opcode];
  const label = `${prefix.map((byte) => byte.toString(16))} ${opcode.toString(16)}`;
  if (allowed === undefined) return;
  const number = prefix.length > 0 ? uleb(opcode) : [opcode];
  const wasm = tried([...prefix, ...number, ...VALUES[allowed.immediate]], prefix.length > 0 ? [] : tailOf(opcode));
  expect(WebAssembly.validate(wasm), `${label} is valid`).toBe(true);
  expect(inspectApp(wasm).hasFloat, `${label} is float`).toBe(allowed.isFloat);
}

test('every allowed instruction is accepted, by us and by the engine, and read to its very end', () => {
  for (let opcode = 0; opcode < 0x100; opcode++) {
    if (opcode === 0x05 || opcode === 0x0b) continue; // else and end have no meaning alone
    check([], PLAIN_OPCODES, opcode);
    check([0xfc], MISCELLANEOUS_OPCODES, opcode);
    check([0xfd], VECTOR_OPCODES, opcode);
  }
});

test('what is not listed is refused, whatever follows', () => {
  for (let opcode = 0; opcode < 0x200; opcode++) {
    const numbers = [
      ...(opcode < 0x100 && opcode !== 0xfc && opcode !== 0xfd && PLAIN_OPCODES[opcode] === undefined
        ? [[opcode]]
        : []),
      ...(MISCELLANEOUS_OPCODES[opcode] === undefined ? [[0xfc, ...uleb(opcode)]] : []),
      ...(VECTOR_OPCODES[opcode] === undefined ? [[0xfd, ...uleb(opcode)]] : []),
    ];
    for (const number of numbers) {
      const wasm = tried([...number, ...new Array<number>(20).fill(0)]);
      expect(codeOf(wasm), number.map((byte) => byte.toString(16)).join(' ')).toBe('MH-MOD-004');
    }
  }
});

test('no fixed-width SIMD instruction that the engine knows is missing', () => {
  const immediates = Object.values(VALUES);
  for (let opcode = 0; opcode < 0x100; opcode++) {
    const isKnown = immediates.some((bytes) => WebAssembly.validate(tried([0xfd, ...uleb(opcode), ...bytes])));
    expect(VECTOR_OPCODES[opcode] !== undefined, `fd ${opcode.toString(16)}`).toBe(isKnown);
  }
});

function codeOf(wasm: Uint8Array): string {
  try {
    inspectApp(wasm);
    return 'accepted';
  } catch (error) {
    return isManyhandsError(error) ? error.code : String(error);
  }
}
