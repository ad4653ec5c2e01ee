// Whatever an engine throws is told apart: the program's failure only when it surely is one.
import { expect, test } from 'vitest';
import { endingOf } from '../../src/ending.js';
import { ExitSignal, FailureSignal } from '../../src/state/signals.js';

test.each([
  [new ExitSignal(7), { kind: 'exit', exitCode: 7 }],
  [new FailureSignal('MH-UNIT-003', 'too much'), { kind: 'failure', code: 'MH-UNIT-003', message: 'too much' }],
  [new WebAssembly.RuntimeError('unreachable'), { kind: 'trap' }],
  [new WebAssembly.LinkError('no such import'), { kind: 'failure', code: 'MH-UNIT-007' }],
  [new RangeError('Maximum call stack size exceeded'), { kind: 'host', code: 'MH-HOST-002' }],
  [new Error('too much recursion'), { kind: 'host', code: 'MH-HOST-002' }],
  [new WebAssembly.RuntimeError('call stack exhausted'), { kind: 'host', code: 'MH-HOST-002' }],
  [
    new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory'),
    { kind: 'host', code: 'MH-HOST-001' },
  ],
  [new RangeError('Array buffer allocation failed'), { kind: 'host', code: 'MH-HOST-001' }],
  [new TypeError('a fault of ours'), { kind: 'host', code: 'MH-HOST-005' }],
  ['not even an error', { kind: 'host', code: 'MH-HOST-005' }],
])('%s', (thrown, expected) => {
  expect(endingOf(thrown)).toMatchObject(expected);
});
