// A unit that is refused for the size of its inputs says the same where they were fetched and where they were not.
import { runUnit } from '@manyhands/runtime';
import { expect, test } from 'vitest';
import { refuseInputs } from '../../src/data-plane/refused-inputs.js';

const OPTIONS = {
  build: 'nonleaf',
  moduleCid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
  markSpacing: 2 ** 32,
} as const;
const LIMIT_BYTES = 10_000;
const unit = (maximumBytes: number) => ({
  args: ['program'],
  env: { HOME: '/' },
  collect: ['out'],
  okExitCodes: [0],
  seed: new Uint8Array(32),
  clockMs: null,
  fuelMaximum: 1_000_000,
  limits: {
    memoryMaximumBytes: 65_536,
    outputMaximumBytes: 1000,
    stderrTailBytes: 100,
    openFilesMaximum: 10,
    fileTreeMaximumBytes: maximumBytes,
  },
});

test('the failure, its fuel and its chain are those of a machine that has the inputs', () => {
  const sizes = [4000, 7000];
  const files = sizes.map((sizeBytes, index) => ({ name: `input-${index}`, sizeBytes }));
  const judged = refuseInputs({ ...unit(LIMIT_BYTES), stdin: { sizeBytes: 5 }, files }, OPTIONS);
  const input = {
    ...unit(LIMIT_BYTES),
    stdin: new Uint8Array(5),
    files: files.map(({ name, sizeBytes }) => ({ name, bytes: new Uint8Array(sizeBytes) })),
  };
  const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  expect(judged).toEqual(runUnit(module, input, OPTIONS));
  expect(judged).toMatchObject({ kind: 'unit-failure', code: 'MH-UNIT-004', fuel: 0, markCount: 1 });
});

test('inputs that no host has room for are judged too', () => {
  const files = [{ name: 'input', sizeBytes: 2 ** 50 }];
  expect(refuseInputs({ ...unit(LIMIT_BYTES), stdin: null, files }, OPTIONS)).toMatchObject({ code: 'MH-UNIT-004' });
});

test('inputs within the limit are left to the program', () => {
  const files = [{ name: 'input', sizeBytes: LIMIT_BYTES }];
  expect(refuseInputs({ ...unit(LIMIT_BYTES), stdin: null, files }, OPTIONS)).toBeNull();
});
