// Answers bytes that are not HTTP, or headers that are too large, before they are a request.
import type { Socket } from 'node:net';
import { type ErrorCode, ManyhandsError } from '@manyhands/contract';

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'MH-GEN-011',
  ERR_HTTP_REQUEST_TIMEOUT: 'MH-GEN-004',
};
const STATUS_LINES: Readonly<Record<string, string>> = {
  'MH-GEN-011': '431 Request Header Fields Too Large',
  'MH-GEN-004': '408 Request Timeout',
};

/** Sends an error body over the bare socket and closes it. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, ...rest } = new ManyhandsError(CODES[error.code ?? ''] ?? 'MH-GEN-002').toObject();
  const body = JSON.stringify({ code, ...rest });
  const head = [
    `HTTP/1.1 ${STATUS_LINES[code] ?? '400 Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
