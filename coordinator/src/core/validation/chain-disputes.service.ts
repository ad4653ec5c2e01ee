// Hosts that agree on a result while their chains of state hashes differ: counted and logged, for whoever looks into it.
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../../config/logger.js';
import { batchOfUnit, indexOfUnit } from '../../storage/sqlite/units.js';
import { CoreEvents } from '../ports/core-events.js';
import { CoreStore } from '../ports/core-store.js';

@Injectable()
export class ChainDisputesService implements OnModuleDestroy {
  private readonly stopListening: () => void;

  constructor(
    private readonly store: CoreStore,
    events: CoreEvents,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.stopListening = events.onCommit(({ chainDisputes }) => {
      for (const unitId of chainDisputes)
        logger.warn({ batchRowId: batchOfUnit(unitId), index: indexOfUnit(unitId) }, 'equal results, different chains');
    });
  }

  onModuleDestroy(): void {
    this.stopListening();
  }

  count(): number {
    return this.store.chainDisputes.count();
  }
}
