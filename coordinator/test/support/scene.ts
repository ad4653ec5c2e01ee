// A coordinator with a project, an app and perhaps a batch, for tests that play the scientist or the hosts.
import { cpSync } from 'node:fs';
import type { Batch } from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { expect } from 'vitest';
import { Client, started } from './running.js';
import { Scientist, unitOf } from './scientist.js';

type Options = NonNullable<Parameters<typeof started>[0]>;
type Model = { dataDirectory: string; names: Pick<Scientist, 'projectId' | 'appVersionId'> };

let model: Promise<Model> | undefined;

/** The folder of a coordinator that has checked an app once: checking it again for each test would take most of their time. */
async function makeModel(): Promise<Model> {
  const dataDirectory = await temporaryFolder('model', 'file');
  const coordinator = await started({ dataDirectory });
  const { projectId, appVersionId } = await new Scientist(new Client(coordinator)).prepare();
  await coordinator.stop();
  return { dataDirectory, names: { projectId, appVersionId } };
}

/** A coordinator of its own in which the project `science` has an app that is ready. */
export async function prepared(options: Options = {}, more: Parameters<typeof started>[1] = {}) {
  model ??= makeModel();
  const { dataDirectory: from, names } = await model;
  const dataDirectory = options.dataDirectory ?? (await temporaryFolder());
  cpSync(from, dataDirectory, { recursive: true });
  const coordinator = await started({ ...options, dataDirectory }, more);
  const client = new Client(coordinator);
  return { dataDirectory, coordinator, client, scientist: Object.assign(new Scientist(client), names) };
}

export async function scene(unitCount: number, options: Options = {}) {
  const { coordinator, client, scientist } = await prepared(options);
  const submitted = await scientist.submit({ units: unitsOf(unitCount) });
  expect(submitted.status).toBe(200);
  const { batchId } = submitted.body;
  const batch = async (): Promise<Batch> => (await client.call<Batch>('GET', `/api/v1/batches/${batchId}`)).body;
  return { coordinator, client, scientist, batchId, batch };
}

function unitsOf(count: number) {
  return Array.from({ length: count }, (_, index) => unitOf(`unit-${String(index).padStart(4, '0')}`));
}
