// What the processes of the coordinator's benchmark say to each other.
import type { CoordinatorId } from '@manyhands/contract';

export type StartCoordinator = { type: 'start'; dataDirectory: string };
export type CoordinatorAsk = StartCoordinator | { type: 'cpu' };
export type CoordinatorSay =
  | { type: 'started'; url: string; coordinatorId: CoordinatorId }
  /** CPU time of the whole process so far, in milliseconds. */
  | { type: 'cpu'; cpuMs: number };

export type LoadAsk =
  | { type: 'connect'; url: string; coordinatorId: CoordinatorId; connections: number }
  | { type: 'run'; unitsPerLease: number }
  /** Ends the run: what is under way is finished. */
  | { type: 'pause' };
export type LoadSay = { type: 'connected' } | { type: 'paused'; receipts: number; settled: number; refused: number };
