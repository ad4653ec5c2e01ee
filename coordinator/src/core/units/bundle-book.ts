// Bundles that one transaction stores and removes: ids are known at once, rows are written together.
import type { NewBundle } from '../../storage/sqlite/replica-runs.js';
import type { CoreStore } from '../ports/core-store.js';

export class BundleBook {
  private firstId = 0;
  private readonly added: NewBundle[] = [];
  private readonly removed: number[] = [];

  constructor(private readonly store: CoreStore) {}

  /** Returns the row id that the bundle gets. */
  add(bundle: NewBundle): number {
    if (this.added.length === 0) this.firstId = this.store.replicaRuns.nextBundleId();
    return this.firstId + this.added.push(bundle) - 1;
  }

  remove(bundleId: number): void {
    this.removed.push(bundleId);
  }

  write(): void {
    this.store.replicaRuns.addBundles(this.firstId, this.added);
    for (const bundleId of this.removed) this.store.replicas.removeBundle(bundleId);
  }
}
