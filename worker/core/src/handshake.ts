// The handshake: proves both keys over fresh nonces, pins the coordinator, and says which side is too old.
import {
  type CoordinatorId,
  challengePayloadSchema,
  coordinatorIdOf,
  type ErrorCode,
  equalBytes,
  errorEntry,
  isErrorCode,
  type MessageOf,
  type MessageToWorker,
  open,
  PROTOCOL_MAXIMUM,
  PROTOCOL_MINIMUM,
} from '@manyhands/contract';
import { hangUp } from './connection.js';
import { BACK_OFF_LONGEST_MS, ELSEWHERE_RETRY_MS } from './constants.js';
import type { Moment, Trouble } from './ports.js';
import { type Draft, endWith } from './state.js';
import { COPIED, onReplaced } from './twins.js';

export function onOpened(draft: Draft, nonce: Uint8Array): void {
  if (draft.connection.phase !== 'dialing') return;
  const { hostKey, clientVersion, instance } = draft.options;
  draft.connection = { ...draft.connection, phase: 'greeting', nonce };
  draft.effects.push({
    do: 'send',
    message: {
      t: 'hello',
      protocolMinimum: PROTOCOL_MINIMUM,
      protocolMaximum: PROTOCOL_MAXIMUM,
      features: [],
      clientVersion,
      instance: instance.slice(),
      hostKey: hostKey.slice(),
      nonce: nonce.slice(),
    },
  });
}

/** Handles a message of the handshake; true when it was one. */
export function onHandshakeMessage(draft: Draft, message: MessageToWorker, moment: Moment): boolean {
  if (message.t === 'challenge') onChallenge(draft, message, moment);
  else if (message.t === 'welcome') onWelcome(draft, message, moment);
  else if (message.t === 'refuse') onRefuse(draft, message, moment);
  else return false;
  return true;
}

function onChallenge(draft: Draft, message: MessageOf<'challenge'>, moment: Moment): void {
  const { connection } = draft;
  const nonce = connection.phase === 'greeting' ? connection.nonce : null;
  if (connection.phase !== 'greeting' || !nonce) {
    outOfOrder(draft, moment);
    return;
  }
  const opened = openChallenge(message, { pinned: draft.options.coordinatorId, nonce });
  if (opened.ok) {
    draft.connection = { ...connection, phase: 'proving' };
    draft.effects.push({ do: 'prove', coordinatorNonce: opened.coordinatorNonce, isFirst: !draft.isBound });
  } else if (opened.code === 'MH-SIG-007') {
    endWith(draft, { reason: opened.reason, code: opened.code, isFinished: false });
  } else {
    hangUp(draft, moment, { code: opened.code, message: `${WRONG_CHALLENGE}: ${opened.reason}.` });
  }
}

const WRONG_CHALLENGE = 'What answers at the address of the coordinator cannot prove that it is the coordinator';

const OTHER_KEY =
  'this data folder belongs to a coordinator with another key than the one at this address. To join this one as well, give it a folder of its own with --data; what is in this folder, its account too, stays as it is';

type OpenedChallenge =
  | { ok: true; coordinatorNonce: Uint8Array }
  | {
      ok: false;
      code: 'MH-SIG-001' | 'MH-SIG-002' | 'MH-SIG-004' | 'MH-SIG-006' | 'MH-SIG-007' | 'MH-WIR-002';
      reason: string;
    };

/** Verifies a challenge against the pinned fingerprint. A rightly signed one of another coordinator is told apart: the address has a new owner. */
function openChallenge(
  { coordinatorId, envelope }: MessageOf<'challenge'>,
  expected: { pinned: CoordinatorId; nonce: Uint8Array },
): OpenedChallenge {
  const opened = open(envelope, { type: 'challenge', coordinatorId }, { schema: challengePayloadSchema });
  if (!opened.ok) return opened;
  if (coordinatorIdOf(opened.publicKey) !== coordinatorId)
    return { ok: false, code: 'MH-SIG-004', reason: 'the challenge is not signed by the coordinator that it names' };
  if (!equalBytes(opened.value.workerNonce, expected.nonce))
    return { ok: false, code: 'MH-SIG-006', reason: 'the challenge answers another greeting' };
  if (coordinatorId !== expected.pinned) return { ok: false, code: 'MH-SIG-007', reason: OTHER_KEY };
  const { protocol, coordinatorNonce } = opened.value;
  if (protocol < PROTOCOL_MINIMUM || protocol > PROTOCOL_MAXIMUM)
    return {
      ok: false,
      code: 'MH-WIR-002',
      reason: `the coordinator chose protocol ${protocol}, which I do not speak`,
    };
  return { ok: true, coordinatorNonce };
}

function onWelcome(draft: Draft, message: MessageOf<'welcome'>, moment: Moment): void {
  if (draft.connection.phase !== 'proving') {
    outOfOrder(draft, moment);
    return;
  }
  if (message.hostId !== draft.options.hostId) {
    hangUp(draft, moment, { code: 'MH-WIR-001', message: 'The coordinator takes this host for another.' });
    return;
  }
  const { accountId, accountLabel, pseudonym } = message;
  draft.identity = { accountId, accountLabel, pseudonym };
  draft.connection = { phase: 'online', identity: draft.identity };
  draft.features = message.features;
  draft.isBound = true;
  draft.failureCount = 0;
  draft.offlineSinceMs = null;
  draft.lastTrouble = null;
  draft.callTrouble = null;
  draft.askAtMs = moment.nowMs;
  draft.custodyAtMs = moment.nowMs;
  draft.stateSent = { text: '', units: '', atMs: Number.NEGATIVE_INFINITY };
  for (const [leaseId, held] of draft.leases) draft.leases.set(leaseId, { ...held, renewAtMs: moment.nowMs });
  draft.effects.push({ do: 'online', welcome: message });
}

/** A refusal that only people can undo ends the worker; any other is waited out. */
function onRefuse(draft: Draft, { code, message, retryAfterMs }: MessageOf<'refuse'>, moment: Moment): void {
  const { retryable, fault } = errorEntry(code);
  const isElsewhere = code === 'MH-WIR-005' || code === 'MH-WIR-006';
  if (isErrorCode(code) && retryAfterMs === null && !retryable && fault === 'user' && !isElsewhere) {
    endWith(draft, { reason: message, code, isFinished: false });
    return;
  }
  const leastMs = isElsewhere ? ELSEWHERE_RETRY_MS : Math.min(retryAfterMs ?? 0, BACK_OFF_LONGEST_MS);
  hangUp(draft, moment, code === 'MH-WIR-005' ? onReplaced(draft, moment) : refusalOf(code), leastMs);
}

/** In words of ours: what the coordinator writes is not for logs. */
function refusalOf(code: string): Trouble {
  if (code === COPIED.code) return COPIED;
  if (!isErrorCode(code))
    return { code, message: 'The coordinator refuses this worker for a reason that this version does not know.' };
  return { code, message: REFUSALS[code] ?? `The coordinator refuses this worker. ${errorEntry(code).doc}` };
}

const REFUSALS: Partial<Record<ErrorCode, string>> = {
  'MH-GEN-004': 'The coordinator did not wait any longer for the handshake of this worker.',
  'MH-GEN-012': 'The coordinator takes no more new connections from this network for a while.',
  'MH-WIR-004': 'The coordinator is full, busy or about to stop, and takes no more connections just now.',
};

function outOfOrder(draft: Draft, moment: Moment): void {
  hangUp(draft, moment, OUT_OF_ORDER);
}

export const OUT_OF_ORDER: Trouble = {
  code: 'MH-WIR-003',
  message: 'The coordinator broke the order of the handshake.',
};
