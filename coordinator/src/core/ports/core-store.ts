// The rows of the core behind one provider: prepared once, on the one connection.
import { Inject, Injectable } from '@nestjs/common';
import { ChainDisputeRows } from '../../storage/sqlite/chain-disputes.js';
import { CheckpointRows } from '../../storage/sqlite/checkpoints.js';
import { SqliteDatabase } from '../../storage/sqlite/database.js';
import { HostRows } from '../../storage/sqlite/hosts.js';
import { LapseRows } from '../../storage/sqlite/lapses.js';
import { LeaseRows } from '../../storage/sqlite/leases.js';
import { LedgerRows } from '../../storage/sqlite/ledger.js';
import { ProgressRows } from '../../storage/sqlite/progress.js';
import { RankingRows } from '../../storage/sqlite/rankings.js';
import { ReplicaRuns } from '../../storage/sqlite/replica-runs.js';
import { ReplicaRows } from '../../storage/sqlite/replicas.js';
import { ResultFactsRows } from '../../storage/sqlite/result-facts.js';
import { ResultRows } from '../../storage/sqlite/results.js';
import { StoryRows } from '../../storage/sqlite/stories.js';
import { UnitRows } from '../../storage/sqlite/units.js';
import { UploadRows } from '../../storage/sqlite/uploads.js';
import { DATABASE } from './database.js';

@Injectable()
export class CoreStore {
  readonly units: UnitRows;
  readonly replicas: ReplicaRows;
  readonly replicaRuns: ReplicaRuns;
  readonly results: ResultRows;
  readonly resultFacts: ResultFactsRows;
  readonly leases: LeaseRows;
  readonly lapses: LapseRows;
  readonly ledger: LedgerRows;
  readonly hosts: HostRows;
  readonly checkpoints: CheckpointRows;
  readonly chainDisputes: ChainDisputeRows;
  readonly stories: StoryRows;
  readonly uploads: UploadRows;
  readonly progress: ProgressRows;
  readonly rankings: RankingRows;

  constructor(@Inject(DATABASE) readonly database: SqliteDatabase) {
    const rows = database.read((db) => ({
      units: new UnitRows(db),
      replicas: new ReplicaRows(db),
      replicaRuns: new ReplicaRuns(db),
      results: new ResultRows(db),
      resultFacts: new ResultFactsRows(db),
      leases: new LeaseRows(db),
      lapses: new LapseRows(db),
      ledger: new LedgerRows(db),
      hosts: new HostRows(db),
      checkpoints: new CheckpointRows(db),
      chainDisputes: new ChainDisputeRows(db),
      stories: new StoryRows(db),
      uploads: new UploadRows(db),
      progress: new ProgressRows(db),
      rankings: new RankingRows(db),
    }));
    database.onRollback(() => rows.stories.forget());
    this.units = rows.units;
    this.replicas = rows.replicas;
    this.replicaRuns = rows.replicaRuns;
    this.results = rows.results;
    this.resultFacts = rows.resultFacts;
    this.leases = rows.leases;
    this.lapses = rows.lapses;
    this.ledger = rows.ledger;
    this.hosts = rows.hosts;
    this.checkpoints = rows.checkpoints;
    this.chainDisputes = rows.chainDisputes;
    this.stories = rows.stories;
    this.uploads = rows.uploads;
    this.progress = rows.progress;
    this.rankings = rows.rankings;
  }
}
