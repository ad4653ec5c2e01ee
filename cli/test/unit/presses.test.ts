// One press of Ctrl-C is one request to end, by whichever ways and in whichever order it comes.
import { expect, test } from 'vitest';
import { Presses, SAME_PRESS_MS, type Way } from '../../src/support/presses.js';

const LONG_MS = 10 * SAME_PRESS_MS;
type Signal = readonly [way: Way, signal: string, atMs: number];

function requests(...signals: Signal[]): boolean[] {
  const presses = new Presses();
  return signals.map(([way, signal, atMs]) => presses.isAnother(way, signal, atMs));
}

test.for<[string, Signal[], boolean[]]>([
  ['kill at the process itself', [['straight', 'SIGTERM', 0]], [true]],
  ['kill at the launcher', [['passed-on', 'SIGTERM', 0]], [true]],
  [
    'Ctrl-C in a terminal, which tells both, the launcher late',
    [
      ['straight', 'SIGINT', 0],
      ['passed-on', 'SIGINT', LONG_MS],
    ],
    [true, false],
  ],
  [
    'the same, the terminal late',
    [
      ['passed-on', 'SIGINT', 0],
      ['straight', 'SIGINT', LONG_MS],
    ],
    [true, false],
  ],
  [
    'Ctrl-C twice',
    [
      ['straight', 'SIGINT', 0],
      ['straight', 'SIGINT', LONG_MS],
      ['passed-on', 'SIGINT', LONG_MS],
      ['passed-on', 'SIGINT', 2 * LONG_MS],
    ],
    [true, true, false, false],
  ],
  [
    'Ctrl-C in a terminal, of which the demo makes SIGTERM for its children',
    [
      ['straight', 'SIGINT', 0],
      ['passed-on', 'SIGTERM', 1],
    ],
    [true, false],
  ],
  [
    'npm passes on to a process that the terminal has told',
    [
      ['straight', 'SIGINT', 0],
      ['straight', 'SIGINT', SAME_PRESS_MS - 1],
      ['straight', 'SIGINT', SAME_PRESS_MS],
    ],
    [true, false, true],
  ],
  [
    'first kill, then Ctrl-C at once',
    [
      ['straight', 'SIGTERM', 0],
      ['straight', 'SIGINT', 1],
    ],
    [true, true],
  ],
])('%s', ([, signals, expected]) => {
  expect(requests(...signals)).toEqual(expected);
});
