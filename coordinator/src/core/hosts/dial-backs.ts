// Looks whether a host's overlay node answers at an address that it announced: by one connection of its seed process, within bounds.
import { Inject, Injectable } from '@nestjs/common';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { SEED_PORT, type SeedPort } from '../ports/seed.js';
import { DialBackBounds, type Look } from './domain/dial-back-bounds.js';

@Injectable()
export class DialBacks {
  private readonly bounds = new DialBackBounds();

  constructor(
    @Inject(SEED_PORT) private readonly seed: SeedPort,
    @Inject(CORE_OPTIONS) private readonly options: Pick<CoreOptions, 'nowMs'>,
  ) {}

  /** Calls back when the host was found there; not at all when it was not, or when nobody may look now. */
  look(look: Look, peerId: string, onFound: () => void): void {
    if (!this.bounds.begin(look, this.options.nowMs())) return;
    this.seed.answersAt({ peerId, address: look.place.address }).then(
      (isFound) => {
        this.bounds.end(look, isFound);
        if (isFound) onFound();
      },
      () => this.bounds.end(look, false), // the seed is being restarted
    );
  }
}
