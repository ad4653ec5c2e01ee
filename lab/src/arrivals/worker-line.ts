// One connection of a simulated host: a question at a time, answered by the next message that is no push.
import { decodeToWorker, encodeMessage, type MessageToCoordinator, type MessageToWorker } from '@manyhands/contract';
import { WebSocket } from 'ws';

/** Longer than anything takes at a coordinator that is well. */
const ANSWER_TIMEOUT_MS = 30_000;
const PUSHES: ReadonlySet<string> = new Set(['work', 'lease.cancel']);

/** `ended`: there is nobody any more to answer, and why. */
export type Answer = MessageToWorker | { t: 'ended'; why: string };

export class WorkerLine {
  private readonly socket: WebSocket;
  private waiting: ((answer: Answer) => void) | undefined;
  private ended: Extract<Answer, { t: 'ended' }> | undefined;
  /** Came before anything was asked. */
  private early: Answer | undefined;
  private why = '';
  readonly opened: Promise<void>;

  constructor(url: string, localAddress: string) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.opened = promise;
    const options = { perMessageDeflate: false, localAddress, handshakeTimeout: ANSWER_TIMEOUT_MS };
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/worker`, options);
    this.socket.on('message', (data: Buffer) => this.receive(new Uint8Array(data)));
    this.socket.on('error', ({ message, code }: NodeJS.ErrnoException) => {
      this.why = code ?? message;
    });
    this.socket.once('open', resolve);
    this.socket.once('close', (code: number) => {
      this.ended = { t: 'ended', why: this.why || `closed with ${code}` };
      this.settle(this.ended);
      resolve();
    });
  }

  get isOpen(): boolean {
    return this.ended === undefined;
  }

  async ask(message: MessageToCoordinator): Promise<Answer> {
    await this.opened;
    if (this.early ?? this.ended) return (this.early ?? this.ended) as Answer;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.why = 'no answer';
        this.socket.terminate();
      }, ANSWER_TIMEOUT_MS);
      this.waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.socket.send(encodeMessage(message));
    });
  }

  close(): void {
    this.socket.terminate();
  }

  private receive(frame: Uint8Array): void {
    const decoded = decodeToWorker(frame);
    if (!decoded.ok || PUSHES.has(decoded.message.t)) return;
    if (this.waiting) this.settle(decoded.message);
    else if (decoded.message.t === 'refuse') this.early = decoded.message;
  }

  private settle(answer: Answer): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.(answer);
  }
}
