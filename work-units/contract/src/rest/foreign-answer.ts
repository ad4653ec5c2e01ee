// Answers that no coordinator gives: from a proxy in front of it, from the login page of a network, from another server. Each keeps its status and is said as such.
import type { ErrorCode } from '../errors/error-code.js';
import { ManyhandsError } from '../errors/manyhands-error.js';

/** What is known of such an answer. */
export type ForeignAnswer = { status: number; contentType?: string | null };

type Said = readonly [code: ErrorCode, what: string, remedy: string];

const LOGIN = 'If this network asks for a login, open any web page in a browser and log in';

/** What an HTTP answer that is not the coordinator's means. `address`: of the coordinator. MH-NET-…, with the status in text and `meta.status`. */
export function foreignAnswer(address: string, { status, contentType }: ForeignAnswer): ManyhandsError {
  const [code, what, remedy] = meaningOf(address, { status, isPage: /html/i.test(contentType ?? '') });
  return new ManyhandsError(code, { message: `${what} (HTTP ${status}). ${remedy}.`, meta: { url: address, status } });
}

function meaningOf(address: string, { status, isPage }: { status: number; isPage: boolean }): Said {
  if ((status >= 300 && status < 400) || status === 511)
    return [
      'MH-NET-003',
      `${address} sends callers to another address`,
      `${LOGIN}; if the coordinator has moved, use its new address`,
    ];
  if (status === 413)
    return [
      'MH-NET-002',
      `A proxy in front of ${address} refuses calls of this size`,
      'Its operator can raise the limit (client_max_body_size in nginx)',
    ];
  if (status >= 502 && status <= 504)
    return [
      'MH-NET-005',
      `A proxy answers at ${address}, but does not reach the coordinator`,
      'It may be restarting; otherwise its operator must look after it',
    ];
  if (status === 407)
    return ['MH-NET-001', `A proxy on the way to ${address} asks for a password`, 'Ask whoever runs this network'];
  const what = isPage ? 'a web page' : 'something';
  const who = isPage ? `${LOGIN}; otherwise` : 'Please';
  return [
    'MH-NET-001',
    `Not a Manyhands coordinator, but ${what} answers at ${address}`,
    `${who} check the address, and what stands in front of the coordinator`,
  ];
}

/**
 * What an answer to the opening of a WebSocket means that is no WebSocket. A proxy that leaves the upgrade out makes an ordinary call of it, which may even
 * reach the coordinator and be answered «not found».
 */
export function refusedWebSocket(address: string, answer: ForeignAnswer): ManyhandsError {
  const { status } = answer;
  const isElsewhere = (status >= 300 && status < 400) || status === 511 || (status >= 502 && status <= 504);
  if (isElsewhere || status === 407) return foreignAnswer(address, answer);
  return new ManyhandsError('MH-NET-004', {
    message: `A proxy in front of ${address} does not pass WebSockets on (HTTP ${status}). Its operator must let the headers Upgrade and Connection through.`,
    meta: { url: address, status },
  });
}
