// How a unit is named on the command line.
import { expect, test } from 'vitest';
import { parseUnit } from '../../src/support/batches.js';

test.for([
  ['0', 0],
  ['412', 412],
  // Written like the name of a line's result, which counts from 1: never the index, which counts from 0.
  ['000001', '000001'],
  ['00', '00'],
  ['1.5', '1.5'],
  ['-1', '-1'],
  ['unit-7', 'unit-7'],
] as const)('%s is %j', ([text, unit]) => {
  expect(parseUnit(text)).toBe(unit);
});
