// One stream of the block exchange: frames in and out, with bounded buffers and rates.
import type { Stream } from '@libp2p/interface';
import {
  type Answer,
  type Ask,
  encodeFrame,
  FrameDecoder,
  type Message,
  type MessageBudget,
  spendMessage,
} from '@manyhands/overlay-core';

/** What waits to be sent on one stream; a peer that does not read is cut off beyond it. */
const WRITE_BUFFER_MAXIMUM_BYTES = 8 * 1024 * 1024;
/** A block must leave within this time; 1 MiB in 60 s is 17 kB/s. */
const SEND_MAXIMUM_MS = 60_000;

export type StreamEvents<In extends Message> = {
  onMessage(message: In): void;
  onBytes?(): void;
  /** Called once. `fault`: what the peer did wrong, if that ended the stream. */
  onClose(fault: string | undefined): void;
};

/** A stream that sends and receives the messages of the block exchange. */
export class FramedStream<In extends Ask | Answer> {
  private readonly stream: Stream;
  private readonly events: StreamEvents<In>;
  private readonly decoder: FrameDecoder<'ask' | 'answer'>;
  private readonly budget: MessageBudget = new Map();
  private tail: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(stream: Stream, direction: 'ask' | 'answer', events: StreamEvents<In>) {
    this.stream = stream;
    this.events = events;
    this.decoder = new FrameDecoder(direction);
    stream.maxWriteBufferLength = WRITE_BUFFER_MAXIMUM_BYTES;
    stream.addEventListener('close', () => this.finish(undefined));
    stream.addEventListener('remoteCloseWrite', () => this.end());
    stream.addEventListener('message', ({ data }) => {
      this.events.onBytes?.();
      for (const chunk of data instanceof Uint8Array ? [data] : data) this.take(chunk);
    });
  }

  /** Sends a small message; a stream that cannot take it ends. */
  send(message: Message): void {
    if (this.isClosed) return;
    try {
      this.stream.send(encodeFrame(message));
    } catch (error) {
      this.abort(error);
    }
  }

  /** Sends a large message after the earlier ones, and resolves once the connection has taken it. Rejects when it cannot. */
  sendInTurn(message: Message): Promise<void> {
    const sent = this.tail.then(async () => {
      if (this.isClosed) throw new Error('the stream is closed');
      this.stream.send(encodeFrame(message));
      await this.stream.onDrain({ signal: AbortSignal.timeout(SEND_MAXIMUM_MS) });
    });
    this.tail = sent.catch((error) => this.abort(error));
    return sent;
  }

  /** Ends the stream in good order. */
  end(): void {
    if (this.isClosed) return;
    this.finish(undefined);
    this.stream.close({ signal: AbortSignal.timeout(1000) }).catch((error) => this.abort(error));
  }

  abort(error: unknown): void {
    this.stream.abort(error instanceof Error ? error : new Error(String(error)));
    this.finish(undefined);
  }

  /** Ends the stream because the peer broke the protocol. */
  refuse(fault: string): void {
    this.finish(fault);
    this.stream.abort(new Error(fault));
  }

  private take(chunk: Uint8Array): void {
    for (const decoded of this.decoder.push(chunk)) {
      if (this.isClosed) return;
      if (!decoded.ok) this.refuse(decoded.reason);
      else if (!spendMessage(this.budget, decoded.message.type, performance.now()))
        this.refuse(`too many messages: ${decoded.message.type}`);
      else this.events.onMessage(decoded.message as In);
    }
  }

  private finish(fault: string | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.events.onClose(fault);
  }
}
