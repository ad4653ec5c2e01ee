// What every module may know: the checked options, the identity of this coordinator and where its data lies.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CoordinatorId, coordinatorIdOf, type KeyPair, keyPairOfSeed } from '@manyhands/contract';
import type { DataFolder } from './data-folder.js';
import type { CheckedOptions } from './options.js';
import { SharedNetworks } from './shared-networks.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export class Settings {
  readonly options: CheckedOptions;
  readonly folder: DataFolder;
  readonly keyPair: KeyPair;
  readonly coordinatorId: CoordinatorId;
  readonly operatorTokenHash: Uint8Array;
  readonly version = version;
  readonly sharedNetworks: SharedNetworks;
  readonly startedAtMs = Date.now();

  constructor(options: CheckedOptions, secrets: { folder: DataFolder; keySeed: Uint8Array; operatorToken: string }) {
    this.options = options;
    this.sharedNetworks = new SharedNetworks(options);
    this.folder = secrets.folder;
    this.keyPair = keyPairOfSeed(secrets.keySeed);
    this.coordinatorId = coordinatorIdOf(this.keyPair.publicKey);
    this.operatorTokenHash = createHash('sha256').update(secrets.operatorToken).digest();
  }
}
