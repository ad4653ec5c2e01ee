// Port: sums that are kept as units change, for the pages of questions and batches.
import type { ProjectId } from '@manyhands/contract';
import type { Histogram } from '../core/domain/histogram.js';

export type QuestionRow = Record<
  | 'projectRowId'
  | 'total'
  | 'held'
  | 'running'
  | 'checking'
  | 'accepted'
  | 'failed'
  | 'cancelled'
  | 'expired'
  | 'stopped'
  | 'people'
  | 'lastActivityMs',
  number
> & { projectId: ProjectId };
export type QuestionPosition = Pick<QuestionRow, 'lastActivityMs' | 'projectRowId'>;
export type HandSums = Record<'accountRowId' | 'hosts' | 'answered' | 'accepted' | 'creditMilli', number>;

export abstract class QuestionsRepository {
  /** Projects that are not pending, last active first, after a position. */
  abstract page(after: QuestionPosition, limit: number): QuestionRow[];
  /** Accounts that ever took units of the project. */
  abstract people(projectRowId: number): number;
  /** Open batches by project; projects without any are left out. */
  abstract openBatches(): ReadonlyMap<number, number>;
  /** Projects that the account ever took units of. */
  abstract projectsOf(accountRowId: number): number[];
  /** Who has accepted units or answers that wait, most accepted units first. */
  abstract hands(scope: 'batch' | 'project', rowId: number, limit: number): HandSums[];
  /** What one account did; undefined when it never took units. */
  abstract handOf(scope: 'batch' | 'project', rowId: number, accountRowId: number): HandSums | undefined;
  abstract histogram(batchRowId: number): Histogram | undefined;
}
