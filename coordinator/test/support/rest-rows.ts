// One call of the coordinator's REST interface in a test: its ordinary use and its documented errors; and the words that such rows are made of.
import { keyOf } from './records.js';
import type { World } from './rest-world.js';
import type { Answer } from './running.js';
import { Scientist } from './scientist.js';

export const NOBODY = 'a'.repeat(52);
export const stranger = keyOf('stranger');
export const get =
  (path: string | ((world: World) => string)) =>
  (world: World): Promise<Answer> =>
    world.client.call('GET', `/api/v1${typeof path === 'string' ? path : path(world)}`);
export const operator =
  (method: string, path: (world: World) => string, json?: unknown) =>
  (world: World): Promise<Answer> =>
    world.client.operator(method, path(world), json);
export const signed =
  (method: string, path: (world: World) => string, { json, bytes, key }: SignedCall = {}) =>
  (world: World): Promise<Answer> =>
    world.client.call(method, `/api/v1${path(world)}`, {
      signer: key?.(world) ?? world.scientist.key,
      ...(bytes ? { bytes } : { json: json ?? {} }),
    });
type SignedCall = { json?: unknown; bytes?: Uint8Array; key?: (world: World) => ReturnType<typeof keyOf> };

export type Row = {
  /** As in the OpenAPI document. */
  call: string;
  ordinary: (world: World) => Promise<Answer>;
  status?: number;
  shape?: object;
  errors?: readonly (readonly [code: string, status: number, ask: (world: World) => Promise<Answer>])[];
};

export const noBatch = (rest = ''): ReturnType<typeof get> => get(`/batches/batch_${NOBODY}${rest}`);
export const noProject = (rest = ''): ReturnType<typeof get> => get(`/projects/proj_${NOBODY}${rest}`);

/** `found` makes a scientist of its own, so that what one call changes does not concern another. */
export const found = async ({ client }: World, name: string): Promise<Scientist> => {
  const scientist = new Scientist(client, name);
  await scientist.found();
  return scientist;
};
