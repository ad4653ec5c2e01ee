// The coordinator's side of the handshake: hello, signed challenge, host proof. What it decides is a value; the session sends it.
import { randomBytes } from 'node:crypto';
import {
  type ErrorCode,
  equalBytes,
  type HostProof,
  hostProofSchema,
  type MessageOf,
  type MessageToWorker,
  open,
  PROTOCOL_MAXIMUM,
  PROTOCOL_MINIMUM,
  seal,
} from '@manyhands/contract';
import type { CoreOptions } from '../core/ports/options.js';

type Identity = Pick<CoreOptions, 'coordinatorId' | 'keyPair'>;
export type Refusal = { code: ErrorCode; message: string };
export type Challenged = {
  publicKey: Uint8Array;
  coordinatorNonce: Uint8Array;
  protocol: number;
  reply: MessageToWorker;
};

/** Chooses the protocol version and proves the coordinator's key over the worker's nonce. */
export function challenge(hello: MessageOf<'hello'>, { coordinatorId, keyPair }: Identity): Challenged | Refusal {
  const protocol = Math.min(hello.protocolMaximum, PROTOCOL_MAXIMUM);
  if (protocol < Math.max(hello.protocolMinimum, PROTOCOL_MINIMUM)) {
    const isWorkerOld = hello.protocolMaximum < PROTOCOL_MINIMUM;
    const spoken = `the coordinator speaks protocol ${PROTOCOL_MINIMUM} to ${PROTOCOL_MAXIMUM}, the worker ${hello.protocolMinimum} to ${hello.protocolMaximum}`;
    return { code: 'MH-WIR-002', message: `Upgrade the ${isWorkerOld ? 'worker' : 'coordinator'}: ${spoken}.` };
  }
  const coordinatorNonce = new Uint8Array(randomBytes(16));
  const payload = { version: 1, workerNonce: hello.nonce, coordinatorNonce, protocol };
  const envelope = new Uint8Array(seal(payload, { type: 'challenge', coordinatorId }, keyPair));
  return { publicKey: hello.hostKey, coordinatorNonce, protocol, reply: { t: 'challenge', coordinatorId, envelope } };
}

/** Checks that the worker holds the key that it named. */
export function checkProof(
  { envelope }: MessageOf<'prove'>,
  { publicKey, coordinatorNonce }: Challenged,
  { coordinatorId }: Identity,
): { proof: HostProof } | Refusal {
  const opened = open(envelope, { type: 'host-proof', coordinatorId }, { schema: hostProofSchema, publicKey });
  if (!opened.ok) return { code: opened.code, message: opened.reason };
  if (!equalBytes(opened.value.coordinatorNonce, coordinatorNonce))
    return { code: 'MH-SIG-006', message: 'The proof answers another challenge.' };
  return { proof: opened.value };
}
