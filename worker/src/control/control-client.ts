// The WebSocket to the coordinator: frames in and out within their bounds, a heartbeat, and never a crash on what comes in.
import { randomBytes } from 'node:crypto';
import {
  afterAwake,
  decodeToWorker,
  encodeMessage,
  FRAME_MAXIMUM_BYTES,
  ManyhandsError,
  type MessageToCoordinator,
  type MessageToWorker,
} from '@manyhands/contract';
import type { Trouble } from '@manyhands/worker-core';
import { WebSocket } from 'ws';
import { closedSocket, failedSocket, OWN_ENDS, refusedSocket } from './causes.js';
import { FrameBudget } from './frame-budget.js';
import { type Request, Requests } from './requests.js';
import { ANY_WAY_OUT, type WayOut } from './way-out.js';

const OPEN_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 20_000;
/** After sleep a connection that does not answer within this is made anew. */
const PROBE_MS = 5000;
/** Unreadable frames on one connection before it is closed. */
const BAD_FRAMES_MAXIMUM = 5;
/** Bytes that wait to be sent; more means that the coordinator has stopped reading. */
const BUFFERED_MAXIMUM_BYTES = 32 * 1024 * 1024;

export type ControlEvents = {
  onOpened(connection: number, nonce: Uint8Array): void;
  onMessage(connection: number, message: MessageToWorker): void;
  /** `trouble`: why there is no connection any more, or why none came about. */
  onClosed(connection: number, trouble: Trouble): void;
};

/** `ws://host/api/v1/worker` for `http://host`. */
export function webSocketUrlOf(coordinatorUrl: string): string {
  return `${coordinatorUrl.replace(/^http/, 'ws')}/api/v1/worker`;
}

/** `trouble`: what was wrong first; the close event only says that it is over. */
type Current = { socket: WebSocket; connection: number; heartbeat: Heartbeat; trouble: Trouble | undefined };

export class ControlClient {
  readonly #coordinatorUrl: string;
  readonly #url: string;
  /** Host and port, as people know the coordinator. */
  readonly #place: string;
  readonly #events: ControlEvents;
  readonly #socketOptions: WayOut['socketOptions'];
  readonly #requests = new Requests();
  #current: Current | null = null;

  constructor(
    options: { coordinatorUrl: string; wayOut?: Pick<WayOut, 'socketOptions'> },
    dependencies: ControlEvents,
  ) {
    this.#coordinatorUrl = options.coordinatorUrl;
    this.#url = webSocketUrlOf(options.coordinatorUrl);
    this.#place = new URL(options.coordinatorUrl).host;
    this.#events = dependencies;
    this.#socketOptions = (options.wayOut ?? ANY_WAY_OUT).socketOptions;
  }

  /** Opens a connection under this number; the one before is closed. */
  dial(connection: number): void {
    this.#current?.socket.terminate();
    const socket = new WebSocket(this.#url, {
      ...this.#socketOptions,
      maxPayload: FRAME_MAXIMUM_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: OPEN_TIMEOUT_MS,
      followRedirects: false,
    });
    const heartbeat = new Heartbeat(socket, () => end(current, OWN_ENDS.silent));
    const current: Current = { socket, connection, heartbeat, trouble: undefined };
    this.#current = current;
    const reader = new FrameReader();
    socket.on('open', () => {
      heartbeat.start();
      this.#events.onOpened(connection, new Uint8Array(randomBytes(16)));
    });
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? reader.read(data as Buffer) : undefined;
      if (message === 'exceeded') end(current, OWN_ENDS.tooMuch);
      else if (reader.badFrameCount > BAD_FRAMES_MAXIMUM) end(current, OWN_ENDS.unreadable);
      else if (message && !this.#requests.onMessage(message)) this.#events.onMessage(connection, message);
    });
    socket.on('unexpected-response', (_request, { statusCode = 0, headers }) =>
      end(
        current,
        refusedSocket(this.#coordinatorUrl, { status: statusCode, contentType: headers['content-type'] ?? null }),
      ),
    );
    socket.on('error', (error) => {
      current.trouble ??= failedSocket(this.#place, error);
    });
    socket.on('close', (code, reason) => {
      heartbeat.stop();
      if (this.#current?.socket === socket) this.#current = null;
      this.#requests.rejectAll();
      this.#events.onClosed(connection, current.trouble ?? closedSocket(code, reason.toString()));
    });
  }

  hangUp(connection: number): void {
    if (this.#current?.connection === connection) this.#current.socket.close(1000);
    setTimeout(() => {
      if (this.#current?.connection === connection) this.#current.socket.terminate();
    }, 1000).unref();
  }

  /** Ends the connection that there is, for this reason. */
  abandon(trouble: Trouble): void {
    if (this.#current) end(this.#current, trouble);
  }

  /** Finds out within seconds whether the connection still lives. */
  probe(connection: number): void {
    if (this.#current?.connection === connection) this.#current.heartbeat.probe();
  }

  /** Sends a frame, if there is a connection; the core learns from the missing answer that there was none. */
  send(message: MessageToCoordinator): void {
    const current = this.#current;
    if (current?.socket.readyState !== WebSocket.OPEN) return;
    if (current.socket.bufferedAmount > BUFFERED_MAXIMUM_BYTES) end(current, OWN_ENDS.notReading);
    else current.socket.send(encodeMessage(message));
  }

  /** Asks and waits for the answer. Rejects with the refusal's code, MH-GEN-004 (no answer) or MH-GEN-005 (no connection). */
  request(request: Request): Promise<MessageToWorker> {
    if (this.#current?.socket.readyState !== WebSocket.OPEN)
      return Promise.reject(
        new ManyhandsError('MH-GEN-005', { message: 'There is no connection to the coordinator.' }),
      );
    return this.#requests.make(request, (message) => this.send(message));
  }

  close(): void {
    this.#current?.socket.terminate();
  }
}

function end(current: Current, trouble: Trouble): void {
  current.trouble ??= trouble;
  current.socket.terminate();
}

/** Reads frames within the bounds that each message states. */
class FrameReader {
  readonly #budget = new FrameBudget();
  badFrameCount = 0;

  /** The message; undefined for a frame that is none; `exceeded` when its type comes too often. */
  read(frame: Buffer): MessageToWorker | 'exceeded' | undefined {
    const decoded = decodeToWorker(new Uint8Array(frame));
    if (!decoded.ok) {
      this.badFrameCount += 1;
      return undefined;
    }
    return this.#budget.take(decoded.message.t, performance.now()) ? decoded.message : 'exceeded';
  }
}

/** Pings; a connection that does not answer by the next ping is dead. */
class Heartbeat {
  readonly #socket: WebSocket;
  readonly #onSilent: () => void;
  #isAlive = true;
  #timer: NodeJS.Timeout | undefined;
  #stopProbe = (): void => {};

  constructor(socket: WebSocket, onSilent: () => void) {
    this.#socket = socket;
    this.#onSilent = onSilent;
    socket.on('pong', () => {
      this.#isAlive = true;
    });
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopProbe();
  }

  /** An answer from before does not count. */
  probe(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#stopProbe();
    this.#ping();
    this.#stopProbe = afterAwake(PROBE_MS, () => this.#endUnlessAlive());
  }

  #beat(): void {
    if (this.#endUnlessAlive()) this.#ping();
  }

  #ping(): void {
    this.#isAlive = false;
    this.#socket.ping();
  }

  #endUnlessAlive(): boolean {
    if (!this.#isAlive) this.#onSilent();
    return this.#isAlive;
  }
}
