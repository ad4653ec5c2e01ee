// The core of the coordinator as one Nest module. It needs the tokens of ports/ from a global module.
import { Module } from '@nestjs/common';
import { CheckpointsService } from './checkpoints/checkpoints.service.js';
import { HandOversService } from './checkpoints/hand-overs.service.js';
import { Connections } from './connections/connections.js';
import { CreditSums } from './credits/credit-sums.js';
import { CreditsService } from './credits/credits.service.js';
import { DialBacks } from './hosts/dial-backs.js';
import { HostsService } from './hosts/hosts.service.js';
import { NotifierService } from './hosts/notifier.service.js';
import { OverlayTracker } from './hosts/overlay-tracker.js';
import { RunningUnits } from './hosts/running-units.service.js';
import { LastingBytes } from './lasting/lasting-bytes.js';
import { LeasesService } from './leases/leases.service.js';
import { CoreEvents } from './ports/core-events.js';
import { CoreStore } from './ports/core-store.js';
import { UnitEndings } from './units/unit-endings.js';
import { UnitViews } from './units/unit-views.js';
import { UnitWriter } from './units/unit-writer.js';
import { UnitsService } from './units/units.service.js';
import { UnfinishedUploads } from './uploads/unfinished-uploads.js';
import { ChainDisputesService } from './validation/chain-disputes.service.js';
import { CustodyService } from './validation/custody.service.js';
import { FactsOfEarlierResults } from './validation/facts-of-earlier-results.js';
import { ReceiptsService } from './validation/receipts.service.js';
import { ResultsService } from './validation/results.service.js';

@Module({
  providers: [
    CoreStore,
    CoreEvents,
    UnitWriter,
    UnitViews,
    UnitEndings,
    UnitsService,
    LastingBytes,
    LeasesService,
    ReceiptsService,
    UnfinishedUploads,
    ResultsService,
    FactsOfEarlierResults,
    CustodyService,
    CheckpointsService,
    HandOversService,
    ChainDisputesService,
    CreditSums,
    CreditsService,
    Connections,
    DialBacks,
    OverlayTracker,
    RunningUnits,
    HostsService,
    NotifierService,
  ],
  exports: [
    UnitsService,
    LeasesService,
    ResultsService,
    CheckpointsService,
    UnfinishedUploads,
    ChainDisputesService,
    CreditsService,
    HostsService,
    RunningUnits,
    Connections,
    OverlayTracker,
    HandOversService,
    CustodyService,
    ReceiptsService,
  ],
})
export class CoreModule {}
