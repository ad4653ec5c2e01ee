// What the processes of a siege say to each other.
import type { CoordinatorId } from '@manyhands/contract';

/** What everybody knows of the coordinator. */
export type Target = {
  url: string;
  gatewayUrl: string;
  /** Of the overlay's seed. */
  seedUrl: string;
  coordinatorId: CoordinatorId;
  /** The project of the crew, whose results are made up, and its only batch. */
  crewProjectId: string;
  crewBatchId: string;
  /** The project of the real workers. */
  honestProjectId: string;
};
export type Bounds = { requestsMaximum: number; socketsMaximum: number };

export type AttackerAsk =
  | { type: 'begin'; attack: string; target: Target; sources: string[]; bounds: Bounds }
  | { type: 'end' };
export type AttackerSay =
  | { type: 'begun' }
  /** `notes`: what else the attack counted, by name. */
  | { type: 'ended'; requests: number; cpuMs: number; elapsedMs: number; notes: Record<string, number> };

/** `share`: the part of one core that is burnt. */
export type BurnerAsk = { type: 'begin'; share: number } | { type: 'end' };
export type BurnerSay = { type: 'begun' } | { type: 'ended'; cpuMs: number };

export type CrewAsk = { type: 'begin'; target: Target; hosts: number } | { type: 'count' };
/** `joined`: those that are in now; `worked`: those of which a result was settled. */
export type CrewCount = { joined: number; worked: number; settled: number; refused: number };
export type CrewSay = { type: 'begun' } | ({ type: 'counted' } & CrewCount);
