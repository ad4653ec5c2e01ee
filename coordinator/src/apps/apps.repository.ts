// Port: where app versions are kept.
import type { AppVersionId, Build, ErrorBody, ProjectId } from '@manyhands/contract';

export type AppVersionState = 'pending' | 'ready' | 'refused' | 'stopped';
export type AppVersionRow = {
  rowId: number;
  appVersionId: AppVersionId;
  projectRowId: number;
  projectId: ProjectId;
  name: string;
  record: Uint8Array;
  memoryMaximumBytes: number;
  /** The build that units start with; null for a version of an older engine. */
  firstBuild: Build | null;
  state: AppVersionState;
  refusal: ErrorBody | null;
};
export type NewAppVersion = Omit<AppVersionRow, 'rowId' | 'projectId' | 'state' | 'refusal'> & {
  holderRowId: number;
  /** So many versions of one project may wait for their check. */
  pendingMaximum: number;
  nowMs: number;
};

export abstract class AppsRepository {
  abstract find(appVersionId: string): AppVersionRow | undefined;
  abstract findRow(rowId: number): AppVersionRow | undefined;
  /** Oldest first, after a row, read one by one as they are asked for. */
  abstract list(projectRowId: number, page: { afterRowId: number; limit: number }): Iterable<AppVersionRow>;
  /** Those that wait for their check, oldest first. */
  abstract pending(): Pick<AppVersionRow, 'rowId' | 'projectRowId'>[];
  abstract pendingCount(projectRowId?: number): number;
  /** `known`: it is there already. `full`: as many of its project as may wait for their check. */
  abstract create(version: NewAppVersion): Promise<'created' | 'known' | 'full'>;
  /** Lets a refused one be checked again. `full`: as for a new one. `other`: it is not refused any more. */
  abstract checkAgain(rowId: number, pendingMaximum: number): Promise<'done' | 'full' | 'other'>;
  /** Moves from one state to another; false when it was not in that state any more. */
  abstract move(
    rowId: number,
    change: { from: AppVersionState; to: AppVersionState; refusal: ErrorBody | null },
  ): Promise<boolean>;
}
