// A unit that failed and was tried again counts by its last end.
import { join } from 'node:path';
import type { Batch, Failure, Result } from '@manyhands/sdk';
import { temporaryFolder } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { collectResults } from '../../src/support/collecting.js';
import { ResultFolder } from '../../src/support/result-folder.js';
import { keptOutput } from '../support/in-process.js';

const failure = { state: 'failed', ending: 'failed', index: 0, name: 'a', code: 'MH-VAL-001', stderrTail: '' };
const result = {
  ...{ state: 'accepted', index: 0, name: 'a', digest: '00', fuel: 5, exitCode: 0 },
  ...{ stdout: new TextEncoder().encode('done\n'), files: [] },
};

async function collect(settled: readonly object[]): Promise<number> {
  const directory = await temporaryFolder();
  const counts = { total: 1, waiting: 0, running: 0, checking: 0, accepted: 1, failed: 0 };
  const ended = { cancelled: 0, expired: 0, stopped: 0 };
  const batch = {
    ...{
      id: 'batch_a',
      name: 'batch',
      initialStatus: { name: 'batch', state: 'complete', counts: { ...counts, ended } },
    },
    manifest: async () => ({ appVersionId: 'app_a', common: {} }),
    outcomes: async function* () {},
    results: async function* () {
      yield* settled as (Result | Failure)[];
    },
  } as unknown as Batch;
  const folder = new ResultFolder({ directory: join(directory, 'out'), collect: [] });
  const options = { directory: join(directory, 'out'), follow: false, signal: new AbortController().signal, at: '' };
  return collectResults(batch, { ...options, names: ['a'] }, { out: keptOutput().out, folder });
}

test('failed and then accepted is done', async () => {
  expect(await collect([failure, result])).toBe(0);
});

test('failed for good is a failure', async () => {
  expect(await collect([failure])).toBe(1);
});
