// How many bytes of bodies may be held at one time: in all, and for one address.

export class BodyBudget {
  private readonly byAddress = new Map<string, number>();
  private heldBytes = 0;

  constructor(private readonly maximumBytes: number) {}

  /** Holds bytes for an address. False, with nothing held, when they would exceed the whole budget or `shareBytes`. */
  hold(address: string, sizeBytes: number, shareBytes: number): boolean {
    const ofAddress = (this.byAddress.get(address) ?? 0) + sizeBytes;
    if (ofAddress > shareBytes || this.heldBytes + sizeBytes > this.maximumBytes) return false;
    this.heldBytes += sizeBytes;
    this.byAddress.set(address, ofAddress);
    return true;
  }

  release(address: string, sizeBytes: number): void {
    this.heldBytes -= sizeBytes;
    const rest = (this.byAddress.get(address) ?? 0) - sizeBytes;
    if (rest > 0) this.byAddress.set(address, rest);
    else this.byAddress.delete(address);
  }
}
