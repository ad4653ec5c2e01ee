// Result bundles: taking uploaded ones in, and handing out those of accepted units. Nothing is readable before its unit is accepted.
import {
  equalBytes,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  type LeaseId,
  ManyhandsError,
  OUTPUT_MAXIMUM_BYTES,
  openBundle,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CORE_OPTIONS, type CoreOptions } from '../core-ports.js';
import type { LeaseRow } from '../storage/sqlite/leases.js';
import { PHASES, unitIdOf } from '../storage/sqlite/units.js';
import { CoreStore } from '../units/core-store.js';
import { isInRanges } from '../units/domain/ranges.js';
import { BUNDLE_IN_FILE } from '../units/unit-entry.js';
import { UnitWriter } from '../units/unit-writer.js';
import { ResultFiles } from './result-files.js';

const DIGEST_HEX = /^[0-9a-f]{64}$/;
/** A bundle is its files, stdout and a record of at most one frame. */
const BUNDLE_MAXIMUM_BYTES = OUTPUT_MAXIMUM_BYTES + 1024 * 1024;

type UploadName = { readonly hostPublicKey: Uint8Array; readonly leaseId: LeaseId; readonly index: number };
type Upload = { lease: LeaseRow; unitId: number; digestHex: string };

@Injectable()
export class ResultsService {
  private readonly files: ResultFiles;

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    @Inject(CORE_OPTIONS) options: CoreOptions,
  ) {
    this.files = new ResultFiles(options.resultsDirectory);
  }

  /** The bundle of an accepted result, by the hex of its digest. Undefined for anything else. */
  async readBundle(digestHex: string): Promise<Uint8Array | undefined> {
    if (!DIGEST_HEX.test(digestHex)) return undefined;
    const bundleId = this.store.results.bundleId(digestHex);
    if (bundleId === undefined) return undefined;
    return bundleId === BUNDLE_IN_FILE ? this.files.get(digestHex) : this.store.replicas.bundle(bundleId);
  }

  /** Whether this upload is wanted now: how many bytes it may have. Throws like `putBundle`, so that nobody's body is read in vain. */
  checkUpload(hostPublicKey: Uint8Array, leaseId: LeaseId, index: number): { maximumBytes: number } {
    const { lease, unitId } = this.upload({ hostPublicKey, leaseId, index });
    const replica = this.store.replicas.span(unitId, unitId).find(([, account]) => account === lease.accountRowId);
    return { maximumBytes: Math.min(BUNDLE_MAXIMUM_BYTES, replica?.[6] ?? BUNDLE_MAXIMUM_BYTES) };
  }

  /**
   * Takes in the bundle of an agreed unit from one of its custodians; the unit is accepted when this resolves. Throws MH-LSE-001 and MH-LSE-002 for
   * a lease or unit that is not the host's, MH-RCP-002 when the unit is settled, MH-WIR-004 when it is not agreed yet, MH-RCP-003 for other bytes.
   */
  async putBundle(hostPublicKey: Uint8Array, leaseId: LeaseId, index: number, bytes: Uint8Array): Promise<void> {
    const { lease, unitId, digestHex } = this.upload({ hostPublicKey, leaseId, index });
    const account = lease.accountRowId;
    if (bytes.length > BUNDLE_MAXIMUM_BYTES) throw new ManyhandsError('MH-GEN-011');
    if (!openBundle(bytes, new Uint8Array(Buffer.from(digestHex, 'hex')))) {
      await this.writer.change((changes) => changes.apply(unitId, { type: 'bytes-wrong', account }));
      throw new ManyhandsError('MH-RCP-003');
    }
    const isFile = bytes.length > INLINE_BUNDLE_MAXIMUM_BYTES;
    if (isFile) await this.files.put(digestHex, bytes);
    const reply = await this.writer.change((changes) => {
      const bundleId = isFile ? BUNDLE_IN_FILE : changes.bundles.add(bytes);
      const answer = changes.apply(unitId, { type: 'bytes-stored', account }, { bundleId, bundleBytes: bytes.length });
      if (answer.code !== null && !isFile) changes.bundles.remove(bundleId); // another upload was faster
      return answer;
    });
    if (reply.status !== 'done') throw new ManyhandsError(reply.code);
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
    const [, , , , state, digestHex] = own ?? [];
    if (phase !== 'agreed' || state !== 1 || !digestHex)
      throw new ManyhandsError('MH-WIR-004', { message: 'The unit is not agreed: its bundle is not wanted.' });
    return { lease, unitId, digestHex };
  }
}
