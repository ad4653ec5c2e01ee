// A coordinator with a project and one batch, for tests that play the hosts.
import type { Batch } from '@manyhands/contract';
import { expect } from 'vitest';
import { Client, started } from './running.js';
import { Scientist, unitOf } from './scientist.js';

export async function scene(unitCount: number, options: Parameters<typeof started>[0] = {}) {
  const coordinator = await started(options);
  const client = new Client(coordinator);
  const scientist = await new Scientist(client).prepare();
  const submitted = await scientist.submit({ units: unitsOf(unitCount) });
  expect(submitted.status).toBe(200);
  const { batchId } = submitted.body;
  const batch = async (): Promise<Batch> => (await client.call<Batch>('GET', `/api/v1/batches/${batchId}`)).body;
  return { coordinator, client, scientist, batchId, batch };
}

function unitsOf(count: number) {
  return Array.from({ length: count }, (_, index) => unitOf(`unit-${String(index).padStart(4, '0')}`));
}
