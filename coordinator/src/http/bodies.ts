// Bodies that are being received: each holds room as its bytes arrive, must keep a least rate, and gives way when others need its room.
import type { Readable } from 'node:stream';
import { ManyhandsError } from '@manyhands/contract';
import { later, Pace, Places } from '@manyhands/foundation';

/** Bodies are counted in pieces of this size, the first one from the start. */
const PIECE_BYTES = 4096;
/** So often their pace is looked at. */
const WATCH_INTERVAL_MS = 1000;
/** Before the jitter: whose body gave way may try again. */
const RETRY_MS = 2000;

export type Sender = {
  readonly address: string;
  /** Whether a key that is known here has signed for the bytes to come. */
  readonly isProven: boolean;
  /** Called for each part that comes. */
  readonly onAlive: () => void;
};

/** A body that is being read. */
type Reading = { readonly pace: Pace; readonly end: (error: ManyhandsError) => void; isWaiting: boolean };

export class Bodies {
  private readonly places: Places;
  private readonly underWay = new Set<Reading>();
  private timer: NodeJS.Timeout | undefined;
  private watchedAtMs = 0;

  /** Either what all of them together may hold in memory, each counting as 4 KiB at least; or, of bodies that go elsewhere, their number. */
  constructor(bounds: { maximumBytes: number } | { maximumCount: number }) {
    const maximum = 'maximumCount' in bounds ? bounds.maximumCount : bounds.maximumBytes / PIECE_BYTES;
    this.places = new Places({ maximum, provenGiveWay: true });
  }

  /**
   * The parts of a body as they come. `isKept`: they stay in memory until the last one has come. Throws MH-WIR-004 when others need the room,
   * MH-GEN-004 when the bytes come too slowly or their sender goes away.
   */
  async *read(
    payload: Readable,
    { address, isProven, onAlive }: Sender,
    { isKept }: { isKept: boolean },
  ): AsyncGenerator<Buffer, void, void> {
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => {}); // it may end while nobody waits
    const place = this.places.open({ address, onLost: () => ended.reject(crowded()) });
    if (!place) throw crowded();
    if (isProven) place.prove();
    const reading: Reading = { pace: new Pace(performance.now()), end: ended.reject, isWaiting: true };
    this.watch(reading);
    // Not by `for await`: that would close the connection before anything could be answered.
    const parts = payload[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
    let heldBytes = 0;
    try {
      for (;;) {
        const { done, value: part } = await Promise.race([parts.next(), ended.promise]);
        if (done) return;
        reading.isWaiting = false;
        reading.pace.note(part.length, performance.now());
        place.touch();
        onAlive();
        const before = heldBytes;
        if (isKept) heldBytes += part.length;
        if (!place.grow(piecesOf(heldBytes) - piecesOf(before))) throw crowded();
        yield part;
        reading.pace.resume(performance.now());
        reading.isWaiting = true;
      }
    } catch (cause) {
      throw cutOff(cause);
    } finally {
      place.close();
      this.unwatch(reading);
    }
  }

  private watch(reading: Reading): void {
    this.underWay.add(reading);
    if (this.timer) return;
    this.watchedAtMs = performance.now();
    this.timer = setInterval(() => this.endSlowOnes(), WATCH_INTERVAL_MS).unref();
  }

  private unwatch(reading: Reading): void {
    this.underWay.delete(reading);
    if (this.underWay.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private endSlowOnes(): void {
    const nowMs = performance.now();
    const isOurFault = nowMs - this.watchedAtMs > 2 * WATCH_INTERVAL_MS; // we were busy: what came meanwhile is still to be read
    this.watchedAtMs = nowMs;
    for (const { pace, end, isWaiting } of this.underWay) {
      if (isOurFault) pace.resume(nowMs);
      else if (isWaiting && pace.isTooSlow(nowMs)) end(tooSlow());
    }
  }
}

const piecesOf = (sizeBytes: number): number => Math.floor(sizeBytes / PIECE_BYTES);

function crowded(): ManyhandsError {
  return new ManyhandsError('MH-WIR-004', { meta: { retryAfterMs: later(RETRY_MS, Math.random()) } });
}

function tooSlow(): ManyhandsError {
  return new ManyhandsError('MH-GEN-004', { message: 'The body of the call came too slowly, or stopped coming.' });
}

function cutOff(cause: unknown): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'ECONNRESET') return cause;
  return new ManyhandsError('MH-GEN-004', { message: 'The call was cut off before its body was complete.', cause });
}
