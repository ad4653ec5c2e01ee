// Calls begin in turns: of one network one in each pass of the event loop, so that a thousand that come at once keep nobody else waiting.
import { networksOf } from './networks.js';

/** Calls that waited and begin in one pass, of all networks together: between two passes those are taken in who come meanwhile. */
const BEGUN_IN_A_PASS = 16;

export class Turns {
  /** Of every network that had its turn in this pass, those that wait for another. */
  private readonly networks = new Map<string, (() => void)[]>();
  private hasPass = false;

  /** `afterwards`: calls back once whatever is ready now has been taken in. */
  constructor(private readonly afterwards: (pass: () => void) => unknown) {}

  /** Begins the call of an address at once, or when its network has its turn. */
  take(address: string, begin: () => void): void {
    const { share } = networksOf(address);
    const waiting = this.networks.get(share);
    if (waiting) waiting.push(begin);
    else {
      this.networks.set(share, []);
      begin();
    }
    this.comeBack();
  }

  private comeBack(): void {
    if (this.hasPass) return;
    this.hasPass = true;
    this.afterwards(() => {
      this.hasPass = false;
      this.pass();
    });
  }

  /** One of each network, those first that waited longest for their turn. */
  private pass(): void {
    let begun = 0;
    for (const [network, waiting] of [...this.networks]) {
      if (begun === BEGUN_IN_A_PASS) break;
      this.networks.delete(network);
      const begin = waiting.shift();
      if (!begin) continue;
      this.networks.set(network, waiting); // behind those that are still to have theirs
      begun += 1;
      begin();
    }
    if (this.networks.size > 0) this.comeBack();
  }
}
