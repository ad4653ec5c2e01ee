// What belongs to a coordinator carries this of it.
import type { CoordinatorInfo } from '@manyhands/contract';
import type { RestClient } from './client.js';

/** A coordinator that answered, without what can be opened on it: `connect` gives all of it. */
export type Connected = {
  readonly info: CoordinatorInfo;
  readonly url: string;
  readonly dataDirectory: string;
  /** @internal */ readonly rest: RestClient;
};
