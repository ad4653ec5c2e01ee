// What a scripted coordinator is given, remembers, and says of itself over HTTP.
import { coordinatorIdOf, type KeyPair, keyPairOfSeed, toBase64Url } from '@manyhands/contract';
import type { WebSocket } from 'ws';
import type { TestBatch } from './batch.js';

export const KEY = keyPairOfSeed(new Uint8Array(32).fill(31));
export const COORDINATOR_ID = coordinatorIdOf(KEY.publicKey);

export type Reported = {
  digest: Uint8Array;
  elapsedMs: number;
  fuel: number;
  markCount: number;
  chainRoot: Uint8Array;
  bundle: Uint8Array | undefined;
};

/** What a test may change. */
export type Script = {
  /** Answers `hello` instead of a right challenge. */
  onHello?(socket: WebSocket): void;
  /** Units of one lease. */
  unitsPerLease: number;
  durationMs: number;
  /** Whether receipts are acknowledged. */
  isAcknowledging: boolean;
  /** Whether the welcome tells the time; older coordinators do not. */
  isTellingTime: boolean;
  /** Makes every signed call too old. */
  isClockStuck: boolean;
  /** Changes the bytes of a block on its way. */
  onBlock?(cid: string, bytes: Uint8Array): Uint8Array;
};

export type ScriptedOptions = {
  program: string;
  inputs: Uint8Array[];
  signer?: KeyPair;
  timeoutMs?: number;
  instrumenter?: string;
  key?: KeyPair;
};

/** `GET /api/v1/coordinator`. */
export function infoOf(url: string, { publicKey }: KeyPair) {
  return {
    ...{ coordinatorId: coordinatorIdOf(publicKey), publicKey: toBase64Url(publicKey), version: '0', isOpen: true },
    ...{ publicUrl: url, gatewayUrl: url, webSocketUrl: url, overlay: null },
    protocol: { minimum: 1, maximum: 1 },
    limits: {
      ...{ moduleMaximumBytes: 1, inputFileMaximumBytes: 1, outputMaximumBytes: 1, memoryMaximumBytes: 1 },
      ...{ unitsPerBatchMaximum: 1, creditPerReplicaMaximumMilli: 1 },
    },
  };
}

/** `GET /api/v1/projects/…`. */
export function projectOf(batch: TestBatch) {
  const { projectId } = batch.lease(0, [[0, 1]]);
  const words = { name: 'test', title: 'Test', question: '', description: '' };
  return { projectId, ...words, state: 'active', createdAtMs: 0, genesis: batch.genesis };
}

/** `GET /api/v1/app-versions/…`. */
export function appVersionOf(batch: TestBatch) {
  const { projectId, appVersionId } = batch.lease(0, [[0, 1]]);
  return { appVersionId, projectId, name: 'app', record: batch.record, state: 'ready', refusal: null };
}
