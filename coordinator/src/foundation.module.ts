// What exists before every other module: settings, addresses, admission, database, log, and the port through which changes are told.

import { openBlockDirectory } from '@manyhands/overlay-node';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { Admission } from './admission/admission.js';
import { BLOCK_DIRECTORY } from './blocks/block-directory.js';
import { Changes } from './config/changes.js';
import { LOGGER } from './config/logger.js';
import { PublicAddress } from './config/public-address.js';
import { Settings } from './config/settings.js';
import { DATABASE } from './core/ports/database.js';
import { SqliteDatabase } from './storage/sqlite/database.js';

export type Foundation = {
  settings: Settings;
  address: PublicAddress;
  admission: Admission;
  database: SqliteDatabase;
  logger: Logger;
};

@Global()
@Module({})
class FoundationModule {}

export function foundationModule({ settings, address, admission, database, logger }: Foundation): DynamicModule {
  const providers = [
    { provide: Settings, useValue: settings },
    { provide: PublicAddress, useValue: address },
    { provide: Admission, useValue: admission },
    { provide: SqliteDatabase, useValue: database },
    { provide: DATABASE, useValue: database },
    { provide: LOGGER, useValue: logger },
    { provide: BLOCK_DIRECTORY, useValue: openBlockDirectory({ directory: settings.folder.blocks }) },
    Changes,
  ];
  return { module: FoundationModule, providers, exports: providers };
}
