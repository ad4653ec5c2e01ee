// Result bundles: taking uploaded ones in, and handing out those of accepted units. Nothing is readable before its unit is accepted.
import { readFile } from 'node:fs/promises';
import {
  createBundleCheck,
  equalBytes,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  type LeaseId,
  ManyhandsError,
  OUTPUT_MAXIMUM_BYTES,
  openBundle,
  type UploadState,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import type { LargeFacts } from '../../storage/sqlite/result-facts.js';
import { PHASES, unitIdOf } from '../../storage/sqlite/units.js';
import type { Announced, UploadPlace } from '../../storage/sqlite/uploads.js';
import { isInRanges } from '../domain/ranges.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { factsOf } from '../results/domain/result-facts.js';
import { ResultFiles } from '../results/result-files.js';
import { bundleInRow, largeFactsOf, type StoredBundle } from '../results/stored-bundle.js';
import { BUNDLE_IN_FILE } from '../units/unit-entry.js';
import { UnitWriter } from '../units/unit-writer.js';
import { type Part, UnfinishedUploads } from '../uploads/unfinished-uploads.js';
import { CustodyService } from './custody.service.js';

const DIGEST_HEX = /^[0-9a-f]{64}$/;
/** A bundle is its files, stdout and a record of at most one frame. */
const BUNDLE_MAXIMUM_BYTES = OUTPUT_MAXIMUM_BYTES + 1024 * 1024;

type UploadName = { readonly hostPublicKey: Uint8Array; readonly leaseId: LeaseId; readonly index: number };
type Upload = { lease: LeaseRow; unitId: number; digestHex: string; bundleBytes: number };
/** A bundle that was checked: in memory, or as a durable file. */
type Stored =
  | { readonly sizeBytes: number; readonly bytes: Uint8Array }
  | { readonly sizeBytes: number; readonly file: string };

@Injectable()
export class ResultsService {
  private readonly files: ResultFiles;

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    private readonly uploads: UnfinishedUploads,
    private readonly custody: CustodyService,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.files = new ResultFiles(options.resultsDirectory);
  }

  /** The bundle of an accepted result, by the hex of its digest. Undefined for anything else. Throws MH-GEN-013. */
  async readBundle(digestHex: string): Promise<StoredBundle | undefined> {
    if (!DIGEST_HEX.test(digestHex)) return undefined;
    const bundleId = this.store.results.bundleId(digestHex);
    if (bundleId === undefined) return undefined;
    if (bundleId === BUNDLE_IN_FILE) return this.files.get(digestHex);
    const bytes = this.store.replicas.bundle(bundleId);
    return bytes && bundleInRow(bytes);
  }

  /** Whether this upload is wanted now: how many bytes it may have. Throws like `putBundle`, so that nobody's body is read in vain. */
  checkUpload(hostPublicKey: Uint8Array, leaseId: LeaseId, index: number): { maximumBytes: number } {
    return { maximumBytes: this.upload({ hostPublicKey, leaseId, index }).bundleBytes };
  }

  /** How much of a bundle is durable here. Throws like `checkUpload`, and MH-RCP-003 when its size is not that of the receipt. */
  uploadState(name: UploadName, announced: Announced): UploadState {
    return { offset: this.uploads.receivedBytes(this.placeOf(name, announced), announced), isComplete: false };
  }

  /** Takes a part of a bundle; with the last one the unit is accepted. Throws like `putBundle`, MH-UPL-001, MH-UPL-002, MH-GEN-010, MH-GEN-011. */
  async takePart(name: UploadName, announced: Announced, part: Part): Promise<UploadState> {
    const place = this.placeOf(name, announced);
    const quotaBytes = this.options.uploadQuotaBytes;
    const offset = await this.uploads.append(place, announced, { ...part, quotaBytes });
    this.custody.progressed(place.unitId);
    const isComplete = offset === announced.sizeBytes;
    if (isComplete) await this.finish(name, place, announced);
    return { offset, isComplete };
  }

  private placeOf(name: UploadName, { sizeBytes }: Announced): UploadPlace {
    const { lease, unitId, bundleBytes } = this.upload(name);
    if (sizeBytes !== bundleBytes) throw new ManyhandsError('MH-RCP-003');
    return { kind: 'result', unitId, hostRowId: lease.hostRowId };
  }

  private async finish(name: UploadName, place: UploadPlace, announced: Announced): Promise<void> {
    const upload = this.upload(name);
    const check = createBundleCheck(bytesOf(upload.digestHex));
    const { sizeBytes } = announced;
    await this.uploads.finish(place, announced, {
      onPiece: (bytes) => check.update(bytes),
      take: async (file) => {
        if (!check.isRight()) await this.refuse(upload);
        const isFile = sizeBytes > INLINE_BUNDLE_MAXIMUM_BYTES;
        await this.accept(upload, isFile ? { sizeBytes, file } : { sizeBytes, bytes: await readFile(file) });
      },
    });
  }

  /**
   * Takes in the bundle of an agreed unit from one of its custodians; the unit is accepted when this resolves. Throws MH-LSE-001 and MH-LSE-002 for
   * a lease or unit that is not the host's, MH-RCP-002 when the unit is settled, MH-WIR-004 when it is not agreed yet, MH-RCP-003 for other bytes.
   */
  async putBundle(hostPublicKey: Uint8Array, leaseId: LeaseId, index: number, bytes: Uint8Array): Promise<void> {
    const upload = this.upload({ hostPublicKey, leaseId, index });
    if (bytes.length > BUNDLE_MAXIMUM_BYTES) throw new ManyhandsError('MH-GEN-011');
    if (!openBundle(bytes, bytesOf(upload.digestHex))) await this.refuse(upload);
    await this.accept(upload, { sizeBytes: bytes.length, bytes });
  }

  /** Other bytes than were signed for. Throws MH-RCP-003. */
  private async refuse({ lease, unitId }: Upload): Promise<never> {
    const account = lease.accountRowId;
    await this.writer.change((changes) => changes.apply(unitId, { type: 'bytes-wrong', account }));
    throw new ManyhandsError('MH-RCP-003');
  }

  private async accept({ lease, unitId, digestHex }: Upload, stored: Stored): Promise<void> {
    const account = lease.accountRowId;
    const { sizeBytes } = stored;
    const row = 'bytes' in stored && sizeBytes <= INLINE_BUNDLE_MAXIMUM_BYTES ? stored.bytes : undefined;
    const facts = row ? factsOf(row) : undefined;
    const large = facts ? undefined : await this.keepFile(digestHex, stored);
    const reply = await this.writer.change((changes) => {
      const bundleId = row && facts ? changes.bundles.add({ bytes: row, facts }) : BUNDLE_IN_FILE;
      if (large) this.store.resultFacts.addLarge(digestHex, large);
      const answer = changes.apply(unitId, { type: 'bytes-stored', account }, { bundleId, bundleBytes: sizeBytes });
      if (answer.code !== null && facts) changes.bundles.remove(bundleId); // another upload was faster
      return answer;
    });
    if (reply.status !== 'done') throw new ManyhandsError(reply.code);
  }

  /** Makes a large bundle a durable file; resolves with what lists show of it. */
  private async keepFile(digestHex: string, stored: Stored): Promise<LargeFacts> {
    const facts = await largeFactsOf('file' in stored ? stored.file : stored.bytes);
    await ('file' in stored ? this.files.keep(digestHex, stored.file) : this.files.put(digestHex, stored.bytes));
    return facts;
  }

  private upload({ hostPublicKey, leaseId, index }: UploadName): Upload {
    const lease = this.store.leases.byLeaseId(leaseId);
    const host = lease && this.store.hosts.byRowId(lease.hostRowId);
    if (!lease || !host || !equalBytes(host.publicKey, hostPublicKey)) throw new ManyhandsError('MH-LSE-001');
    if (host.isBanned) throw new ManyhandsError('MH-HST-001');
    const unitId = unitIdOf(lease.batchRowId, index);
    const [unit] = this.store.units.span(unitId, unitId);
    if (!unit || !isInRanges(lease.ranges, index)) throw new ManyhandsError('MH-LSE-002');
    const phase = PHASES[unit[1]];
    if (phase === 'accepted' || phase === 'failed') throw new ManyhandsError('MH-RCP-002');
    const own = this.store.replicas.span(unitId, unitId).find(([, account]) => account === lease.accountRowId);
    const [, , , , state, digestHex, bundleBytes] = own ?? [];
    if (phase !== 'agreed' || state !== 1 || !digestHex)
      throw new ManyhandsError('MH-WIR-004', { message: 'The unit is not agreed: its bundle is not wanted.' });
    return {
      lease,
      unitId,
      digestHex,
      bundleBytes: Math.min(BUNDLE_MAXIMUM_BYTES, bundleBytes ?? BUNDLE_MAXIMUM_BYTES),
    };
  }
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
