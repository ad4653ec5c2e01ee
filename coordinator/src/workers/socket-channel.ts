// One worker's WebSocket with its bounds: rates by message type, outgoing bytes, requests in flight, and a count of bad frames.
import {
  decodeToCoordinator,
  type ErrorCode,
  encodeMessage,
  MESSAGES,
  type MessageToCoordinator,
  type MessageToWorker,
} from '@manyhands/contract';
import { TokenBucket } from '@manyhands/foundation';
import type { RawData, WebSocket } from 'ws';

/** Unsent bytes at which a host counts as not reading. */
const BUFFERED_MAXIMUM_BYTES = 4 * 1024 * 1024;
/** Requests of one connection that may be under way; beyond them its socket is not read. */
const IN_FLIGHT_MAXIMUM = 32;
/** Bad or excessive frames until the connection is closed; larger ones cost more to decode and count more. */
const OFFENCES_MAXIMUM = 16;
/** One undecodable frame of 64 KiB ends a connection: no worker makes such. */
const BYTES_PER_OFFENCE = { bad: 4096, excessive: 128 * 1024 };
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export type ChannelEvents = {
  /** Handles a message; what it rejects with is answered as an `error`. */
  onMessage(message: MessageToCoordinator): Promise<void> | void;
  /** A handler failed for a reason that is not the peer's. */
  onFault(error: unknown): void;
};

export class SocketChannel {
  private readonly buckets = new Map<string, TokenBucket>();
  /** Frames above it are not even decoded; strangers must not buy much work with a frame. */
  frameMaximumBytes: number = Math.max(MESSAGES.hello.maximumBytes, MESSAGES.prove.maximumBytes);
  private offences = 0;
  private inFlight = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly events: ChannelEvents,
    private readonly nowMs: () => number,
  ) {
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('error', () => {}); // a frame over the bound or a broken line: the close event follows
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Sends, or ends a connection whose host does not read. */
  send(message: MessageToWorker): void {
    if (!this.isOpen) return;
    if (this.socket.bufferedAmount > BUFFERED_MAXIMUM_BYTES) {
      this.socket.terminate();
      return;
    }
    this.socket.send(encodeMessage(message), { binary: true });
  }

  sendError(id: number | null, code: ErrorCode, details: { message: string; retryAfterMs?: number }): void {
    const { message, retryAfterMs = null } = details;
    this.send({ t: 'error', id, code, message: message.slice(0, 500), retryAfterMs });
  }

  /** Whether the other side answers a ping in time. A process that is gone does not, nor does one that has closed this connection. */
  isAnswered(timeoutMs: number): Promise<boolean> {
    const { socket } = this;
    if (!this.isOpen) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (isAnswered: boolean): void => {
        clearTimeout(timer);
        socket.off('pong', onPong).off('close', onClose);
        resolve(isAnswered);
      };
      const onPong = (): void => settle(true);
      const onClose = (): void => settle(false);
      const timer = setTimeout(() => settle(false), timeoutMs);
      socket.once('pong', onPong).once('close', onClose);
      socket.ping();
    });
  }

  /** Says why and closes. */
  refuse(code: ErrorCode, message: string, retryAfterMs: number | null = null): void {
    this.send({ t: 'refuse', code, message: message.slice(0, 500), retryAfterMs });
    this.socket.close(retryAfterMs === null ? POLICY_VIOLATION : TRY_AGAIN_LATER, code);
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (!this.isOpen) return;
    const frame = bytesOf(data);
    if (!isBinary) {
      this.count(frame, 'bad');
      this.offend(null, 'MH-WIR-001', { message: 'frames are binary' });
      return;
    }
    if (frame.length > this.frameMaximumBytes) {
      this.refuse('MH-GEN-011', `A frame may have ${this.frameMaximumBytes} bytes here.`);
      return;
    }
    const decoded = decodeToCoordinator(frame);
    if (!decoded.ok) {
      this.count(frame, 'bad');
      this.offend(decoded.id, decoded.code, { message: decoded.reason });
      return;
    }
    const waitMs = this.takeToken(decoded.message.t);
    const id = 'id' in decoded.message ? decoded.message.id : null;
    if (waitMs > 0) {
      this.count(frame, 'excessive');
      this.offend(id, 'MH-GEN-012', { message: `too many ${decoded.message.t}`, retryAfterMs: waitMs });
    } else void this.handle(decoded.message, id);
  }

  private async handle(message: MessageToCoordinator, id: number | null): Promise<void> {
    this.inFlight++;
    if (this.inFlight >= IN_FLIGHT_MAXIMUM) this.socket.pause();
    try {
      await this.events.onMessage(message);
    } catch (error) {
      this.events.onFault(error);
      this.sendError(id, 'MH-GEN-001', { message: 'an unexpected fault', retryAfterMs: 5000 });
    } finally {
      this.inFlight--;
      if (this.inFlight < IN_FLIGHT_MAXIMUM && this.socket.isPaused) this.socket.resume();
    }
  }

  private takeToken(type: MessageToCoordinator['t']): number {
    const nowMs = this.nowMs();
    const bucket = this.buckets.get(type) ?? bucketOf(type, nowMs);
    this.buckets.set(type, bucket);
    return bucket.take(nowMs);
  }

  private count(frame: Uint8Array, kind: keyof typeof BYTES_PER_OFFENCE): void {
    this.offences += 1 + Math.floor(frame.length / BYTES_PER_OFFENCE[kind]);
  }

  private offend(id: number | null, code: ErrorCode, details: { message: string; retryAfterMs?: number }): void {
    this.sendError(id, code, details);
    if (this.offences >= OFFENCES_MAXIMUM) this.socket.close(POLICY_VIOLATION, code);
  }
}

/** A minute's worth at once, refilled evenly. */
function bucketOf(type: MessageToCoordinator['t'], nowMs: number): TokenBucket {
  const { perMinute } = MESSAGES[type];
  return new TokenBucket({ perSecond: perMinute / 60, burst: perMinute }, nowMs);
}

/** The bytes of a frame as a plain Uint8Array over the same memory. */
function bytesOf(data: RawData): Uint8Array {
  const buffer = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
