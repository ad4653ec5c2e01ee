// A program that is stopped in the middle with every kind of state, and its snapshot taken apart.
import { decodeDagCborStrictly, encodeDagCbor } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';
import {
  DEFAULT_UNIT_LIMITS,
  type ExpectedState,
  type MachineOptions,
  type UnitInput,
  UnitMachine,
} from '@manyhands/runtime';
import { assemble, bytes, Type } from './assemble.js';
import { brIf, call, get, globalGet, globalSet, i32, loop, Op, set, tee } from './code.js';
import { At, FIRST_FUNCTION, open, WASI_IMPORTS, WASI_TYPES, wasi, write } from './wasi.js';

const PREFIX_BYTES = 8;
const MAGIC = new TextEncoder().encode('MHSN');

export type Stopped = {
  module: WebAssembly.Module;
  input: UnitInput;
  options: MachineOptions;
  snapshot: Uint8Array;
  /** What its predecessor signs about it. */
  expected: ExpectedState;
};

/** A file, an input, randomness, output, a variable global and a stack, at the third mark. */
export async function stoppedProgram(): Promise<Stopped> {
  const wasm = assemble({
    types: WASI_TYPES,
    imports: WASI_IMPORTS,
    memory: [1, 4],
    globals: [[Type.i32, true, i32(5)]],
    data: [{ at: At.name, bytes: new TextEncoder().encode('out in') }],
    functions: [
      {
        locals: [[1, Type.i32]],
        code: [
          [
            open(At.name, 3, 1),
            Op.drop,
            open(At.name + 4, 2),
            Op.drop,
            write(4, 5_000),
            Op.drop,
            write(1, 300),
            Op.drop,
          ],
          [wasi('random_get', i32(At.buffer), i32(64)), Op.drop, i32(20_000), set(0)],
          loop(call(FIRST_FUNCTION + 1), get(0), i32(1), Op.subtract, tee(0), brIf(0)),
        ],
      },
      { code: [globalGet(0), i32(3), Op.add, globalSet(0), i32(30_000), globalGet(0), 0x36, 2, 0] },
    ],
  });
  const limits = { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes: 4 * 65_536 };
  const { builds } = await buildApp(wasm, {
    memoryMaximumBytes: limits.memoryMaximumBytes,
    moduleMaximumBytes: 2 ** 20,
  });
  if (!('nonleaf' in builds)) throw new Error('a command has this build');
  const module = new WebAssembly.Module(builds.nonleaf as BufferSource);
  const files = [{ name: 'in', bytes: new Uint8Array(1_000).fill(7) }];
  const seed = new Uint8Array(32).fill(3);
  const input = {
    args: ['x'],
    stdin: new Uint8Array(9),
    files,
    collect: [],
    okExitCodes: [0],
    seed,
    limits,
    fuelMaximum: 10_000_000,
  };
  const options = { build: 'nonleaf', moduleCid: 'bafytest', markSpacing: 50_000 } as const;
  const machine = UnitMachine.start(module, input, options);
  while (machine.markCount < 3) if (machine.runSlice(1_000_000).kind === 'ended') throw new Error('it ended too early');
  const expected = { fuel: machine.fuelUsed, links: [...machine.links], stateHash: machine.stateHash() };
  return { module, input, options, snapshot: machine.snapshot(), expected };
}

export type Head = Record<string, unknown>;

/** A snapshot with another head, another rest, or both. */
export function forged(
  snapshot: Uint8Array,
  change: (head: Head, rest: Uint8Array) => Uint8Array | undefined,
): Uint8Array {
  const lengthBytes = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(MAGIC.length);
  const head = decodeDagCborStrictly(snapshot.subarray(PREFIX_BYTES, PREFIX_BYTES + lengthBytes)) as Head;
  const rest = snapshot.slice(PREFIX_BYTES + lengthBytes);
  const otherRest = change(head, rest) ?? rest;
  const encoded = encodeDagCbor(head);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, encoded.length);
  return bytes(MAGIC, length, encoded, otherRest);
}
