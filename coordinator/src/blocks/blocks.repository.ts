// Port: which blocks are here, who put them and who needs them. The bytes are files.
import type { Cid } from '@manyhands/contract';

export type StoredBlock = { rowId: number; sizeBytes: number };
export type NewBlock = { cid: Cid; sizeBytes: number; projectRowId: number; quotaBytes: number; nowMs: number };

export abstract class BlocksRepository {
  abstract find(cid: string): StoredBlock | undefined;
  /** Records a block whose file is durable, and charges it to the project once. */
  abstract record(block: NewBlock): Promise<'recorded' | 'quota-exceeded'>;
  /** Which of these are missing; the others count as used now. */
  abstract missing(cids: readonly string[], nowMs: number): Promise<string[]>;
  /** Founds a holder: the blocks that it holds stay until it is released. */
  abstract addHolder(nowMs: number): Promise<number>;
  /** Adds blocks to a holder; names those that are not here. */
  abstract hold(holderRowId: number, cids: readonly Cid[]): Promise<Cid[]>;
  /** Lets go of some blocks of a holder; false when there was none left and the holder is gone. */
  abstract releaseSome(holderRowId: number): Promise<boolean>;
  /** Holders whose app version or batch was never completed. */
  abstract abandonedHolders(): number[];
  /** Forgets blocks that nobody holds and nobody asked for since; returns them so that their files can go. */
  abstract forgetUnused(before: { touchedBeforeMs: number; except: ReadonlySet<string> }): Promise<Cid[]>;
  abstract totals(): { blocks: number; sizeBytes: number };
}
