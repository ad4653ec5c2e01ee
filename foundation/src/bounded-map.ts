// A map that holds so many entries at most: when it is full it forgets the one that was used longest ago, and nobody else.
import { LRUCache } from 'lru-cache';

export class BoundedMap<V extends object> {
  private readonly entries: LRUCache<string, V>;

  constructor(maximum: number) {
    // Counted by size, because a limit of `max` makes room for as many entries at once.
    this.entries = new LRUCache({ maxSize: maximum, sizeCalculation: () => 1 });
  }

  get size(): number {
    return this.entries.size;
  }

  /** The value of a key, which counts as used by this; `make` gives that of a key which is not known. */
  get(key: string, make: () => V): V {
    const known = this.entries.get(key);
    if (known) return known;
    const made = make();
    this.entries.set(key, made);
    return made;
  }
}
