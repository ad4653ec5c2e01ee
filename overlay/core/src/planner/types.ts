// The words of the fetch planner: what happens to it, what it asks its driver to do, and what it remembers. SPEC.md states its invariants.
import type { Cid } from '@manyhands/contract';
import type { Random } from '../random.js';

/** Where a block may be asked for. */
export type Source = { kind: 'peer'; peer: string } | { kind: 'origin' } | { kind: 'gateway' };
/** How a request ended without a block. `corrupt`: wrong bytes; `failed`: the connection broke or the answer was an error. */
export type RequestFailure = 'missing' | 'busy' | 'corrupt' | 'failed';

export type PlannerEvent =
  | { type: 'want'; cids: readonly Cid[] }
  | { type: 'unwant'; cids: readonly Cid[] }
  /** The answer to `find-peers`. Never the origin nor this node itself. */
  | { type: 'peers-found'; peers: readonly string[] }
  /** A peer opened a session with this node. */
  | { type: 'peer-came'; peer: string }
  /** A session with a peer (or the origin) is open. */
  | { type: 'opened'; peer: string | 'origin' }
  /** It closed or could not be opened. */
  | { type: 'closed'; peer: string | 'origin' }
  | { type: 'have'; peer: string; cids: readonly Cid[] }
  | { type: 'offered'; requestId: number; cids: readonly Cid[] }
  /** A verified block is in the store, whoever it came from. */
  | { type: 'arrived'; requestId: number | null; cid: Cid }
  | { type: 'failed'; requestId: number; reason: RequestFailure }
  /** Bytes came in on a session. */
  | { type: 'activity'; peer: string | 'origin' }
  /** The driver closed all sessions because nothing was wanted for a while. */
  | { type: 'rested' }
  | { type: 'tick' };

export type Effect =
  /** Open a session; answered by `opened` or `closed`. */
  | { type: 'connect'; peer: string | 'origin' }
  /** Close the session; no `closed` is expected. `isBanned`: it sent wrong bytes, never talk to it again. */
  | { type: 'disconnect'; peer: string | 'origin'; isBanned: boolean }
  /** Ask a peer which of these it has; answered by `have`, any number of times. */
  | { type: 'want'; peer: string; cids: readonly Cid[] }
  /** Ask the origin to choose; answered by `offered` or `failed`. */
  | { type: 'claim'; requestId: number; cids: readonly Cid[]; count: number; isInsisting: boolean }
  /** Ask for a block; answered by `arrived` or `failed`. */
  | { type: 'request'; requestId: number; source: Source; cid: Cid }
  /** The answer is no longer wanted; one may still come and is then ignored, save that a good block counts as arrived. */
  | { type: 'cancel'; requestId: number; source: Source }
  | { type: 'find-peers' }
  /** No source gives this block. */
  | { type: 'give-up'; cid: Cid };

export type BlockState = {
  readonly cid: Cid;
  /** A random number: breaks ties, so that different fetchers take different blocks. */
  readonly rank: number;
  /** When it came into the active window. */
  activeSinceMs: number | undefined;
  /** When the origin first kept it back because another peer has it. */
  deferredSinceMs: number | undefined;
  /** The origin said it does not have it, or failed to send it twice. */
  originFailures: number;
  gatewayMisses: number;
  gatewayRetryAtMs: number;
  readonly requests: Set<number>;
};

export type SourceState = {
  status: 'known' | 'connecting' | 'open' | 'banned';
  readonly has: Set<Cid>;
  /** Blocks it was asked about already. */
  readonly asked: Set<Cid>;
  readonly requests: Set<number>;
  /** Requests it may have at once; grows while it is quick. */
  window: number;
  /** Failures in a row. */
  failures: number;
  /** Times it said `missing` about a block that it had announced. */
  lies: number;
  retryAtMs: number;
  connectingSinceMs: number;
  lastActivityMs: number;
};

export type RequestState = {
  readonly id: number;
  readonly source: Source;
  /** null: a claim. */
  readonly cid: Cid | null;
  readonly claimed: readonly Cid[];
  /** How many blocks it asked for. */
  readonly count: number;
  readonly isInsisting: boolean;
  readonly sentAtMs: number;
};

export type PlannerOptions = {
  /** Whether an overlay node runs; without one only the gateway is asked. */
  hasOverlay: boolean;
  /** Whether the coordinator runs a seed. */
  hasOrigin: boolean;
  /** Seeds the random choices. */
  seed: number;
};

/** Owned by the planner: `step` updates it in place and hands it back. */
export type PlannerState = {
  readonly options: PlannerOptions;
  readonly random: Random;
  readonly blocks: Map<Cid, BlockState>;
  readonly peers: Map<string, SourceState>;
  readonly origin: SourceState;
  readonly gateway: SourceState;
  readonly requests: Map<number, RequestState>;
  nextRequestId: number;
  /** Requests it may have at once; as many as are answered within about a second. */
  window: number;
  /** How long a block takes to come, a moving average: on slow links all patience is longer. */
  typicalMs: number;
  /** The longest that opening a session has taken. */
  slowestConnectMs: number;
  /** When the first of the blocks wanted now was asked for. */
  startedAtMs: number | undefined;
  lastArrivalMs: number;
  /** The same from a peer, and the last claim that insisted. */
  lastPeerArrivalMs: number;
  lastInsistMs: number;
  /** Since when the gateway has answered nothing at all; undefined while it answers. */
  gatewayFailingSinceMs: number | undefined;
  claimRetryAtMs: number;
  findPeersAtMs: number;
  /** Answers to `find-peers` since the start. */
  findRounds: number;
  /** No peer could be reached in this fetch so far: the origin is asked without waiting for peers. */
  isAlone: boolean;
};
