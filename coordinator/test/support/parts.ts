// A host that uploads in parts, as the contract says: asks where to go on, sends a part, and what it is answered.
import { createHash } from 'node:crypto';
import { type KeyPair, type UploadKind, type UploadState, uploadPathOf } from '@manyhands/contract';
import type { Answer, Client } from './running.js';

const hexOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export class PartSender {
  readonly sha256: string;

  constructor(
    readonly client: Client,
    readonly unit: { leaseId: string; index: number },
    readonly what: { kind: UploadKind; bytes: Uint8Array; signer: KeyPair },
  ) {
    this.sha256 = hexOf(what.bytes);
  }

  path(offset?: number, sizeBytes = this.what.bytes.length): string {
    const { kind } = this.what;
    return uploadPathOf(this.unit, { kind, sha256: this.sha256, sizeBytes, ...(offset !== undefined && { offset }) });
  }

  ask(signer = this.what.signer): Promise<Answer<UploadState>> {
    return this.client.call('GET', this.path(), { signer });
  }

  send(
    offset: number,
    end: number,
    { bytes = this.what.bytes, signer = this.what.signer } = {},
  ): Promise<Answer<UploadState>> {
    return this.client.call('PATCH', this.path(offset), { bytes: bytes.subarray(offset, end), signer });
  }

  /** Everything from there on. */
  async sendAll(offset: number, partBytes: number): Promise<Answer<UploadState>> {
    let answer = await this.send(offset, offset + partBytes);
    while (answer.status === 200 && !answer.body.isComplete)
      answer = await this.send(answer.body.offset, answer.body.offset + partBytes);
    return answer;
  }
}
