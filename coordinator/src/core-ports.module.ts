// Joins the core to the rest: what the core needs of batches, accounts, the seed and the disk.
import { Global, Module } from '@nestjs/common';
import { AccountBindings } from './accounts/account-bindings.js';
import { Foundings } from './admission/foundings.js';
import { StoredBatchDirectory } from './batches/batch-directory.js';
import { DiskGuard } from './blocks/disk-guard.js';
import { Settings } from './config/settings.js';
import { ACCOUNTS_PORT } from './core/ports/accounts.js';
import { BATCH_DIRECTORY } from './core/ports/batch-directory.js';
import { DISK_PORT } from './core/ports/disk.js';
import { CORE_OPTIONS, type CoreOptions } from './core/ports/options.js';
import { SEED_PORT } from './core/ports/seed.js';
import { SeedSupervisor } from './seed/seed.supervisor.js';

const ports = [
  Foundings,
  AccountBindings,
  StoredBatchDirectory,
  DiskGuard,
  SeedSupervisor,
  { provide: ACCOUNTS_PORT, useExisting: AccountBindings },
  { provide: BATCH_DIRECTORY, useExisting: StoredBatchDirectory },
  { provide: DISK_PORT, useExisting: DiskGuard },
  { provide: SEED_PORT, useExisting: SeedSupervisor },
  {
    provide: CORE_OPTIONS,
    inject: [Settings],
    useFactory: ({ coordinatorId, keyPair, folder, options, sharedNetworks }: Settings): CoreOptions => ({
      coordinatorId,
      keyPair,
      resultsDirectory: folder.results,
      checkpointsDirectory: folder.checkpoints,
      uploadsDirectory: folder.uploads,
      checkpointQuotaBytes: options.checkpointQuotaBytes,
      uploadQuotaBytes: options.uploadQuotaBytes,
      hostLastingBytes: options.hostLastingBytes,
      leaseMinimumMs: options.leaseMinimumMs,
      isSharedNetwork: (address) => sharedNetworks.has(address),
      nowMs: () => Date.now(),
    }),
  },
];

@Global()
@Module({ providers: ports, exports: ports })
export class CorePortsModule {}
