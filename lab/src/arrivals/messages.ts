// What the scenario of arrivals and its processes of hosts tell each other. Times are milliseconds since 1970.
import type { CoordinatorId } from '@manyhands/contract';

export type Group = 'base' | 'arrival' | 'honest';

/** One host: from where and when it comes, and how long its first unit takes it. */
export type HostPlan = {
  readonly group: Group;
  readonly address: string;
  readonly comesAtMs: number;
  readonly firstHoldMs: number;
};

export type CrowdAsk =
  | { type: 'begin'; url: string; coordinatorId: CoordinatorId; unitMs: number; hosts: HostPlan[] }
  | { type: 'tally' }
  /** From now on nothing counts but what is acknowledged: the coordinator is about to be killed. */
  | { type: 'freeze' }
  | { type: 'collect' };

export type CrowdSay =
  | { type: 'tally'; connected: number; joined: number; receipts: number }
  | { type: 'frozen' }
  | ({ type: 'collected' } & Collected);

/** A unit whose receipt was acknowledged. */
export type Acknowledged = [hostId: string, unitIndex: number];

export type GroupFigures = {
  readonly hosts: number;
  /** From the first knock to the welcome, of those who are in. */
  readonly joinMs: readonly number[];
  /** With at least one receipt acknowledged. */
  readonly served: number;
  /** Told *later*, by what was asked: `handshake`, `lease`, `receipt`. */
  readonly later: Readonly<Record<string, number>>;
  /** Refused in any other way: what, and the code or how it ended. */
  readonly otherwise: Readonly<Record<string, number>>;
  /** Connections that ended after the welcome. */
  readonly dropped: number;
  /** Came again before the time that they were told. */
  readonly early: number;
};

export type Collected = {
  readonly groups: Readonly<Record<Group, GroupFigures>>;
  /** When each lease was asked for, and how long its grant took. */
  readonly leases: readonly (readonly [atMs: number, tookMs: number])[];
  readonly acknowledged: readonly Acknowledged[];
  /** How late the event loop of the process was, each 50 ms. */
  readonly lateMs: readonly number[];
  readonly cpuMs: number;
};
