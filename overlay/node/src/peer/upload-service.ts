// Serving blocks: runs the upload queue over the store, and counts what leaves.
import type { Cid } from '@manyhands/contract';
import {
  cancelUpload,
  createUploadQueue,
  endUpload,
  enqueueUpload,
  startUpload,
  type Upload,
} from '@manyhands/overlay-core';

type Send = (bytes: Uint8Array | undefined) => Promise<void>;
export type UploadDependencies = {
  read(cid: Cid): Promise<Uint8Array | undefined>;
  /** A block left completely. */
  onSent(upload: Upload, sizeBytes: number): void;
};

/** The uploads of one node. */
export class UploadService {
  private readonly dependencies: UploadDependencies;
  private readonly queue;
  private readonly sends = new Map<string, Send>();

  constructor(slots: number, dependencies: UploadDependencies) {
    this.queue = createUploadQueue(slots);
    this.dependencies = dependencies;
  }

  /** Puts a request into the line; false when its peer has too many waiting. */
  enqueue(upload: Upload, send: Send): boolean {
    if (!enqueueUpload(this.queue, upload)) return false;
    this.sends.set(upload.key, send);
    this.startNext();
    return true;
  }

  cancel(peer: string, key: string): void {
    cancelUpload(this.queue, peer, key);
    if (!this.queue.running.has(key)) this.sends.delete(key);
  }

  /** Drops what a peer has waiting; running uploads end with its stream. */
  forget(peer: string): void {
    for (const { key } of this.queue.waiting.get(peer) ?? []) this.sends.delete(key);
    this.queue.waiting.delete(peer);
  }

  private startNext(): void {
    for (let upload = startUpload(this.queue); upload !== undefined; upload = startUpload(this.queue))
      void this.run(upload);
  }

  private async run(upload: Upload): Promise<void> {
    const send = this.sends.get(upload.key);
    this.sends.delete(upload.key);
    try {
      const bytes = await this.dependencies.read(upload.cid);
      await send?.(bytes);
      if (bytes !== undefined) this.dependencies.onSent(upload, bytes.length);
    } catch {
      // The stream is gone; its peer asks again or elsewhere.
    } finally {
      endUpload(this.queue, upload.key);
      this.startNext();
    }
  }
}
