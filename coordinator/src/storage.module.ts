// Gives every module its repositories.
import { Global, Module } from '@nestjs/common';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { AppsRepository } from './apps/apps.repository.js';
import { ProjectOwners } from './auth/known-callers.js';
import { NoncesRepository } from './auth/nonces.repository.js';
import { BatchesRepository } from './batches/batches.repository.js';
import { BlocksRepository } from './blocks/blocks.repository.js';
import { CountersRepository } from './counters/counters.repository.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { QuestionsRepository } from './questions/questions.repository.js';
import { SqliteAccounts } from './storage/sqlite/accounts.js';
import { SqliteApps } from './storage/sqlite/apps.js';
import { SqliteBatches } from './storage/sqlite/batches.js';
import { SqliteBlocks } from './storage/sqlite/blocks.js';
import { SqliteCounters } from './storage/sqlite/counters.js';
import { SqliteNonces } from './storage/sqlite/nonces.js';
import { SqliteProjects } from './storage/sqlite/projects.js';
import { SqliteQuestions } from './storage/sqlite/questions.js';

const repositories = [
  { provide: ProjectsRepository, useClass: SqliteProjects },
  { provide: ProjectOwners, useExisting: ProjectsRepository },
  { provide: AppsRepository, useClass: SqliteApps },
  { provide: BlocksRepository, useClass: SqliteBlocks },
  { provide: BatchesRepository, useClass: SqliteBatches },
  { provide: AccountsRepository, useClass: SqliteAccounts },
  { provide: NoncesRepository, useClass: SqliteNonces },
  { provide: CountersRepository, useClass: SqliteCounters },
  { provide: QuestionsRepository, useClass: SqliteQuestions },
];

@Global()
@Module({ providers: repositories, exports: repositories })
export class StorageModule {}
