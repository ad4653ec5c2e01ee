// What pages ask of projects and of who helps, answered from sums that were kept as they grew.
import { Injectable } from '@nestjs/common';
import type { Histogram } from '../../core/domain/histogram.js';
import {
  type HandSums,
  type QuestionPosition,
  type QuestionRow,
  QuestionsRepository,
} from '../../questions/questions.repository.js';
import { SqliteDatabase } from './database.js';
import { prepare } from './prepare.js';
import { StoryRows } from './stories.js';

const PAGE = `SELECT project_row_id AS projectRowId, project_id AS projectId, total, held, running, checking, accepted, failed, cancelled, expired, stopped,
  people, last_activity_ms AS lastActivityMs
  FROM project_work JOIN project ON project.id = project_row_id
  WHERE (last_activity_ms, project_row_id) < (?, ?) AND is_approved = 1 ORDER BY last_activity_ms DESC, project_row_id DESC LIMIT ?`;
// Left to itself, SQLite reads all batches that ever were in the first, and sorts all hands of a batch in the second.
const OPEN_BATCHES = `SELECT project_row_id AS projectRowId, count(*) AS batches FROM batch INDEXED BY batch_open WHERE state = 'open' GROUP BY 1`;
const HAND = 'account_row_id AS accountRowId, hosts, answered, accepted, credit_milli AS creditMilli';
const hands = (scope: 'batch' | 'project'): string =>
  `SELECT ${HAND} FROM ${scope}_hand INDEXED BY ${scope}_hand_rank WHERE ${scope}_row_id = ? AND (accepted > 0 OR answered > 0)
   ORDER BY accepted DESC, answered DESC, account_row_id LIMIT ?`;

@Injectable()
export class SqliteQuestions extends QuestionsRepository {
  readonly #stories: StoryRows;

  constructor(private readonly database: SqliteDatabase) {
    super();
    this.#stories = database.read((db) => new StoryRows(db));
  }

  page(after: QuestionPosition, limit: number): QuestionRow[] {
    const { lastActivityMs, projectRowId } = after;
    return this.database.read((db) => prepare<QuestionRow>(db, PAGE).all(lastActivityMs, projectRowId, limit));
  }

  people(projectRowId: number): number {
    const sql = 'SELECT people FROM project_work WHERE project_row_id = ?';
    return this.database.read((db) => prepare<{ people: number }>(db, sql).get(projectRowId))?.people ?? 0;
  }

  openBatches(): ReadonlyMap<number, number> {
    const rows = this.database.read((db) => prepare<{ projectRowId: number; batches: number }>(db, OPEN_BATCHES).all());
    return new Map(rows.map(({ projectRowId, batches }) => [projectRowId, batches]));
  }

  projectsOf(accountRowId: number): number[] {
    const sql = 'SELECT project_row_id AS rowId FROM project_hand WHERE account_row_id = ?';
    return this.database.read((db) => prepare<{ rowId: number }>(db, sql).all(accountRowId)).map(({ rowId }) => rowId);
  }

  hands(scope: 'batch' | 'project', rowId: number, limit: number): HandSums[] {
    return this.database.read((db) => prepare<HandSums>(db, hands(scope)).all(rowId, limit));
  }

  handOf(scope: 'batch' | 'project', rowId: number, accountRowId: number): HandSums | undefined {
    const sql = `SELECT ${HAND} FROM ${scope}_hand WHERE ${scope}_row_id = ? AND account_row_id = ?`;
    return this.database.read((db) => prepare<HandSums>(db, sql).get(rowId, accountRowId));
  }

  histogram(batchRowId: number): Histogram | undefined {
    return this.#stories.histogram(batchRowId);
  }
}
