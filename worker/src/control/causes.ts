// Why there is no WebSocket to the coordinator: whatever the system, TLS, a proxy or the other side gave as a reason, as a documented code and a sentence for people.
import {
  errorEntry,
  type ForeignAnswer,
  foreignAnswer,
  isErrorCode,
  networkTrouble,
  refusedWebSocket,
} from '@manyhands/contract';
import type { Trouble } from '@manyhands/worker-core';

/** What this side ended a connection for. */
export const OWN_ENDS = {
  silent: { code: 'MH-GEN-004', message: 'The coordinator stopped answering.' },
  notReading: { code: 'MH-GEN-004', message: 'The coordinator stopped reading what this worker sends.' },
  tooMuch: { code: 'MH-GEN-012', message: 'The coordinator sent more than the protocol allows.' },
  unreadable: { code: 'MH-WIR-001', message: 'The coordinator sent what is not of the protocol.' },
} as const satisfies Record<string, Trouble>;

/** The socket failed before it was open, or broke: DNS, TCP, TLS, or no answer to its opening. `place`: host and port of the coordinator. */
export function failedSocket(place: string, error: Error): Trouble {
  if (/handshake has timed out/i.test(error.message))
    return { code: 'MH-GEN-004', message: `Can't reach the coordinator at ${place}: no answer came in time.` };
  const why = networkTrouble(error);
  if (why === undefined)
    return { code: 'MH-WIR-001', message: `What answers at ${place} does not speak WebSocket as a coordinator does.` };
  if (hasAnswered(error)) return { code: 'MH-GEN-005', message: `Something answers at ${place}, but ${why}.` };
  return { code: 'MH-GEN-005', message: `Can't reach the coordinator at ${place}: ${why}.` };
}

/** Something answered the opening with HTTP instead of a WebSocket: a web page where the coordinator should be, or a proxy in front of it. */
export function refusedSocket(coordinatorUrl: string, answer: ForeignAnswer): Trouble {
  const isAnswer = answer.status >= 200 && answer.status < 300;
  const { code, message } = isAnswer ? foreignAnswer(coordinatorUrl, answer) : refusedWebSocket(coordinatorUrl, answer);
  return { code, message };
}

/** There is somebody at that address: what failed is TLS, or HTTP. */
function hasAnswered(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string' && /^(EPROTO|ERR_SSL|ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|HPE_)/.test(code))
      return true;
  }
  return false;
}

const GOING_AWAY = 1001;
const ABNORMAL = 1006;
const TOO_BIG = 1009;
const RESTARTING = 1012;
const LATER = 1013;

/** The other side closed an open connection. Its reason is a code of ours, or of no use to people. */
export function closedSocket(code: number, reason: string): Trouble {
  if (isErrorCode(reason)) return { code: reason, message: `The coordinator ended the connection. ${docOf(reason)}` };
  if (code === GOING_AWAY || code === RESTARTING)
    return { code: 'MH-WIR-007', message: 'The coordinator was stopped, or is being restarted.' };
  if (code === LATER)
    return { code: 'MH-WIR-004', message: 'The coordinator, or a proxy in front of it, takes no more connections.' };
  if (code === TOO_BIG)
    return { code: 'MH-GEN-011', message: 'A message of this worker was larger than the coordinator accepts.' };
  if (code === ABNORMAL) return { code: 'MH-GEN-005', message: 'The connection to the coordinator was cut.' };
  return { code: 'MH-WIR-007', message: `The coordinator ended the connection (WebSocket code ${code}).` };
}

function docOf(code: string): string {
  return errorEntry(code).doc;
}
