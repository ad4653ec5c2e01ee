// What the processes of the coordinator's benchmark say to each other.
import type { CoordinatorId } from '@manyhands/contract';

/** `readCpuMsPerSecond`: the option of the coordinator, where it is not the usual. */
export type StartCoordinator = { type: 'start'; dataDirectory: string; readCpuMsPerSecond?: number };
export type CoordinatorAsk = StartCoordinator | { type: 'cpu' };
export type CoordinatorSay =
  | { type: 'started'; url: string; coordinatorId: CoordinatorId }
  /** CPU time of the whole process so far, in milliseconds. */
  | { type: 'cpu'; cpuMs: number };

export type LoadAsk =
  | { type: 'connect'; url: string; coordinatorId: CoordinatorId; connections: number }
  | { type: 'run'; unitsPerLease: number }
  /** New hosts, each from a network that it shares with some others, do so many units each, with a receipt for each unit. */
  | { type: 'fill'; url: string; coordinatorId: CoordinatorId; firstHost: number; hosts: number; unitsPerHost: number }
  /** Ends the run: what is under way is finished. */
  | { type: 'pause' };
export type LoadSay =
  | { type: 'connected' }
  | { type: 'filled'; units: number }
  | { type: 'paused'; receipts: number; settled: number; refused: number };
