// A coordinator that others than this computer could reach, for tests in which it matters where hosts come from.
import type { Batch, KeyPair } from '@manyhands/contract';
import { accountBindingOf, keyOf } from './records.js';
import { Client } from './running.js';
import { prepared } from './scene.js';
import { Scientist, unitOf } from './scientist.js';
import { TestHost } from './test-host.js';

type Options = NonNullable<Parameters<typeof prepared>[0]>;
const LIMITS = { timeoutMs: 60_000, outputMaximumBytes: 100_000, fuelMaximum: 2 ** 42, expectedDurationMs: 1 };

/** A coordinator that others than this computer could reach, with a batch. Hosts come from `127.0.NETWORK.HOST`. */
export async function openWorld(unitCount: number, { quorum = 2, ...options }: Options & { quorum?: number } = {}) {
  const { coordinator, scientist: before } = await prepared({ host: '0.0.0.0', ...options });
  const target = { ...coordinator, url: `http://127.0.0.1:${coordinator.port}` };
  const client = new Client(target);
  const { projectId, appVersionId } = before;
  const scientist = Object.assign(new Scientist(client), { projectId, appVersionId });
  const units = Array.from({ length: unitCount }, (_, index) => unitOf(`unit-${index}`));
  const submitted = await scientist.submit({ units, quorum, root: { limits: LIMITS } });
  const { batchId } = submitted.body;
  const batch = async (): Promise<Batch> => (await client.call<Batch>('GET', `/api/v1/batches/${batchId}`)).body;
  const join = (network: number, more: { key?: KeyPair; account?: string; host?: number; cores?: number } = {}) => {
    const { key = keyOf(`of ${network} ${more.host ?? 1} ${more.account ?? ''}`), account, host = 1, cores } = more;
    const binding = account === undefined ? {} : { binding: accountBindingOf(account, key, coordinator.coordinatorId) };
    return TestHost.join(target, {
      key,
      ...(cores && { cores }),
      ...binding,
      localAddress: `127.0.${network}.${host}`,
    });
  };
  return { target, client, scientist, batch, batchId, join };
}
