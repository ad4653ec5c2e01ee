// Uploads in parts: each part is durable before it is acknowledged, and the whole counts only once it is what was announced. See SPEC.md.
import { equalBytes, ManyhandsError, type UploadKind } from '@manyhands/contract';
import { Reservations } from '@manyhands/foundation';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Announced, UploadPlace } from '../../storage/sqlite/uploads.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { UploadFiles } from './upload-files.js';

/** An upload that gets no part for so long is removed; its sender begins anew. */
export const UNFINISHED_MAXIMUM_MS = 24 * 60 * 60_000;
/** Unfinished uploads of one host; another one takes the place of the one that stood still longest. */
export const UNFINISHED_PER_HOST_MAXIMUM = 16;
const SWEEP_INTERVAL_MS = 5 * 60_000;

export type Part = { readonly offset: number; readonly bytes: Uint8Array };

@Injectable()
export class UnfinishedUploads implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly files: UploadFiles;
  /** Calls about one upload go one after the other: a sender whose line was cut may ask again while its last part is being written. */
  private readonly lines = new Map<string, Promise<unknown>>();
  /** Parts that are being written, which no row counts. */
  private readonly arriving: Readonly<Record<UploadKind, Reservations>> = {
    result: new Reservations(() => Number.POSITIVE_INFINITY),
    checkpoint: new Reservations(() => Number.POSITIVE_INFINITY),
  };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CoreStore,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.files = new UploadFiles(options.uploadsDirectory);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.files.removeAllBut(this.store.uploads.all());
    this.timer = setInterval(() => void this.sweep().catch(() => {}), SWEEP_INTERVAL_MS); // tried again at the next tick
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** What has arrived of all unfinished uploads of a kind. */
  sumBytes(kind: UploadKind): number {
    return this.store.uploads.sumBytes(kind) + this.arriving[kind].heldBytes;
  }

  /** How much of it is durable: 0 when nothing is, or what is belongs to something else. */
  receivedBytes(place: UploadPlace, announced: Announced): number {
    const found = this.store.uploads.find(place);
    return found && isSame(found, announced) ? found.receivedBytes : 0;
  }

  /**
   * Takes a part; resolves with the number of durable bytes, once they are. A part that begins before it is not written again. `quotaBytes`: what all
   * unfinished uploads of the kind may take. Throws MH-UPL-001 with the offset for a part beyond it, MH-GEN-011 for one beyond the end, MH-GEN-010.
   */
  append(place: UploadPlace, announced: Announced, part: Part & { quotaBytes: number }): Promise<number> {
    return this.inLine(place, () => this.write(place, announced, part));
  }

  /**
   * Checks an upload that is whole and gives its file to `take`; it is forgotten when that resolves, or throws what will not change. `onPiece` sees all
   * bytes first. Throws MH-UPL-002 when they are others than announced, MH-UPL-001 when some are missing.
   */
  finish(
    place: UploadPlace,
    announced: Announced,
    by: { onPiece(bytes: Uint8Array): void; take(file: string): Promise<void> },
  ): Promise<void> {
    return this.inLine(place, async () => {
      const offset = this.receivedBytes(place, announced);
      if (offset < announced.sizeBytes) throw elsewhere(offset);
      const digest = await this.files.hash(place, announced.sizeBytes, by.onPiece);
      if (!digest || !equalBytes(digest, announced.sha256)) {
        await this.forget(place);
        throw new ManyhandsError('MH-UPL-002');
      }
      try {
        await by.take(this.files.fileOf(place));
      } catch (error) {
        if (!ManyhandsError.from(error).retryable) await this.forget(place);
        throw error;
      }
      await this.forget(place);
    });
  }

  /** Removes what nobody will finish. */
  async sweep(): Promise<void> {
    const useless = this.store.uploads.useless(this.options.nowMs() - UNFINISHED_MAXIMUM_MS);
    await Promise.all(useless.map((place) => this.inLine(place, () => this.forget(place))));
  }

  private async write(
    place: UploadPlace,
    announced: Announced,
    { offset, bytes, quotaBytes }: Part & { quotaBytes: number },
  ): Promise<number> {
    const receivedBytes = this.receivedBytes(place, announced);
    if (offset > receivedBytes) throw elsewhere(receivedBytes);
    const nextBytes = offset + bytes.length;
    if (nextBytes > announced.sizeBytes) throw new ManyhandsError('MH-GEN-011');
    if (offset < receivedBytes || bytes.length === 0) return receivedBytes;
    if (this.sumBytes(place.kind) + bytes.length > quotaBytes)
      throw new ManyhandsError('MH-GEN-010', {
        message: 'There is no room for more unfinished uploads.',
        meta: { quotaBytes },
      });
    const room = this.arriving[place.kind].begin();
    room.grow(bytes.length);
    try {
      await this.writePart(place, announced, { offset, bytes });
    } finally {
      room.end();
    }
    return nextBytes;
  }

  /** Makes a part durable. Throws MH-UPL-001 when what came before it is gone. */
  private async writePart(place: UploadPlace, announced: Announced, { offset, bytes }: Part): Promise<void> {
    if (offset === 0) await this.makePlace(place);
    if (!(await this.files.write(place, bytes, offset))) {
      await this.forget(place);
      throw elsewhere(0);
    }
    const row = { ...announced, receivedBytes: offset + bytes.length };
    await this.store.database.write(() => this.store.uploads.put(place, row, this.options.nowMs()));
  }

  /** Another upload of the same place, and the oldest of a host that has too many, give way. */
  private async makePlace(place: UploadPlace): Promise<void> {
    if (this.store.uploads.find(place)) await this.forget(place);
    const others = this.store.uploads.ofHost(place.hostRowId);
    const surplus = others.slice(0, Math.max(0, others.length + 1 - UNFINISHED_PER_HOST_MAXIMUM));
    for (const other of surplus) await this.forget(other);
  }

  /** The row first: a file without one is removed at the next start. */
  private async forget(place: UploadPlace): Promise<void> {
    await this.store.database.write(() => this.store.uploads.remove(place));
    await this.files.remove(place);
  }

  private inLine<T>(place: UploadPlace, work: () => Promise<T>): Promise<T> {
    const name = this.files.fileOf(place);
    const done = (this.lines.get(name) ?? Promise.resolve()).then(work, work);
    this.lines.set(name, done);
    const leave = (): void => {
      if (this.lines.get(name) === done) this.lines.delete(name);
    };
    done.then(leave, leave);
    return done;
  }
}

function isSame(found: Announced, announced: Announced): boolean {
  return found.sizeBytes === announced.sizeBytes && equalBytes(found.sha256, announced.sha256);
}

function elsewhere(offset: number): ManyhandsError {
  return new ManyhandsError('MH-UPL-001', { meta: { offset } });
}
