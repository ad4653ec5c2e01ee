// The host gives a browser the same results as Node: the expected values are those of the unit tests.
import { runUnit } from '@manyhands/runtime';
import { expect, test } from 'vitest';
import { bytesOf, textOf, unitInput } from '../support/guest.js';
import { buildModule, call, I32, i32 } from '../support/wasm-builder.js';

const TYPES = [
  { parameters: [I32, I32], results: [I32] },
  { parameters: [I32, I32, I32, I32], results: [I32] },
];
const IMPORTS = [
  { name: 'random_get', type: 1 },
  { name: 'fd_write', type: 2 },
  { name: 'fd_read', type: 2 },
];
const DROP = 0x1a;

test('randomness, standard input and output', () => {
  const list = [100, 0, 0, 0, 12, 0, 0, 0];
  const code = [
    ...[108, 4].flatMap(i32),
    ...call(0),
    DROP,
    ...[0, 16, 1, 32].flatMap(i32),
    ...call(2),
    DROP,
    ...[1, 0, 1, 32].flatMap(i32),
    ...call(1),
    DROP,
  ];
  const data = [
    { offset: 0, bytes: list },
    { offset: 16, bytes: [100, 0, 0, 0, 8, 0, 0, 0] },
  ];
  const module = new WebAssembly.Module(buildModule({ types: TYPES, imports: IMPORTS, functions: [{ code }], data }));
  const outcome = runUnit(module, unitInput({ stdin: bytesOf('eightby!te') }));
  expect(outcome).toMatchObject({ kind: 'success', exitCode: 0 });
  if (outcome.kind !== 'success') return;
  expect(textOf(outcome.stdout.slice(0, 8))).toBe('eightby!');
  expect([...outcome.stdout.slice(8)]).toEqual([0x76, 0xb8, 0xe0, 0xad]);
});

test.each([
  ['a trap', [0x00], 'unit-failure', 'MH-UNIT-001'],
  ['a native stack overflow', [0x10, 0], 'host-failure', 'MH-HOST-002'],
])('%s', (_, code, kind, expectedCode) => {
  const module = new WebAssembly.Module(buildModule({ functions: [{ code }] }));
  expect(runUnit(module, unitInput())).toMatchObject({ kind, code: expectedCode });
});
