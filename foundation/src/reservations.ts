// Room for bytes that arrive: what was announced is only looked at, what has arrived is held until its request ends or its bytes are counted otherwise.

export interface Reservation {
  /** Holds room for bytes that have arrived. False, with nothing more held, when there is none. */
  grow(sizeBytes: number): boolean;
  /** Ends with the request, however it ends; what it held is free again. Idempotent. */
  end(): void;
}

export class Reservations {
  private heldBytes = 0;
  private reading = 0;

  /** `roomBytes`: what is free beside that which is held here. */
  constructor(private readonly roomBytes: () => number) {}

  /** Whether so many bytes would find room now; holds nothing. */
  hasRoom(sizeBytes: number): boolean {
    return this.heldBytes + sizeBytes <= this.roomBytes();
  }

  begin(): Reservation {
    let ownBytes = 0;
    let reading = this.reading;
    return {
      grow: (sizeBytes) => {
        if (!this.hasRoom(sizeBytes)) return false;
        if (reading !== this.reading) ownBytes = 0;
        reading = this.reading;
        ownBytes += sizeBytes;
        this.heldBytes += sizeBytes;
        return true;
      },
      end: () => {
        if (reading === this.reading) this.heldBytes -= ownBytes;
        ownBytes = 0;
      },
    };
  }

  /** What was held until now counts in `roomBytes` from now on. */
  settle(): void {
    this.heldBytes = 0;
    this.reading++;
  }
}
