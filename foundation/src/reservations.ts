// Room for bytes that arrive: what was announced is only looked at; what has arrived is held until its request ends.

export interface Reservation {
  /** Holds room for bytes that have arrived. False, with nothing more held, when there is none. */
  grow(sizeBytes: number): boolean;
  /** The bytes stay: what was held is held until the next `settle`. */
  keep(): void;
  /** The request is over, however it ended: what it held and did not keep is free again. Idempotent. */
  end(): void;
}

export class Reservations {
  private sumBytes = 0;
  private reading = 0;

  /** `roomBytes`: what is free beside that which is held here. */
  constructor(private readonly roomBytes: () => number) {}

  get heldBytes(): number {
    return this.sumBytes;
  }

  /** Whether so many bytes would find room now; holds nothing. */
  hasRoom(sizeBytes: number): boolean {
    return this.sumBytes + sizeBytes <= this.roomBytes();
  }

  begin(): Reservation {
    let ownBytes = 0;
    let { reading } = this;
    return {
      grow: (sizeBytes) => {
        if (!this.hasRoom(sizeBytes)) return false;
        ownBytes = (reading === this.reading ? ownBytes : 0) + sizeBytes;
        reading = this.reading;
        this.sumBytes += sizeBytes;
        return true;
      },
      keep: () => {
        ownBytes = 0;
      },
      end: () => {
        if (reading === this.reading) this.sumBytes -= ownBytes;
        ownBytes = 0;
      },
    };
  }

  /** `roomBytes` has been read anew, and knows of all that is held. */
  settle(): void {
    this.sumBytes = 0;
    this.reading++;
  }
}
