// How many calls of one reader may wait at one time.

export class WaitingPlaces {
  private readonly taken = new Map<string, number>();

  constructor(private readonly maximum: number) {}

  /** False when the reader has as many as it may. */
  take(reader: string): boolean {
    const count = this.taken.get(reader) ?? 0;
    if (count >= this.maximum) return false;
    this.taken.set(reader, count + 1);
    return true;
  }

  free(reader: string): void {
    const count = (this.taken.get(reader) ?? 0) - 1;
    if (count > 0) this.taken.set(reader, count);
    else this.taken.delete(reader);
  }
}
