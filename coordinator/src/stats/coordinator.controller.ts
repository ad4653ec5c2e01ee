// GET /api/v1/coordinator: identity, addresses and limits.
import {
  type CoordinatorInfo,
  coordinatorInfoSchema,
  INPUT_FILE_MAXIMUM_BYTES,
  MEMORY_MAXIMUM_BYTES,
  MODULE_MAXIMUM_BYTES,
  PROTOCOL_MAXIMUM,
  PROTOCOL_MINIMUM,
  toBase64Url,
  UNITS_PER_BATCH_MAXIMUM,
} from '@manyhands/contract';
import { Controller, Get } from '@nestjs/common';
import { PublicAddress } from '../config/public-address.js';
import { Settings } from '../config/settings.js';
import { Answers, Subject } from '../http/described.js';
import { SeedSupervisor } from '../seed/seed.supervisor.js';
import { FEATURES } from '../workers/features.js';

@Subject('coordinator')
@Controller('api/v1/coordinator')
export class CoordinatorController {
  constructor(
    private readonly settings: Settings,
    private readonly address: PublicAddress,
    private readonly seed: SeedSupervisor,
  ) {}

  @Get()
  @Answers(coordinatorInfoSchema)
  get(): CoordinatorInfo {
    const { options, keyPair, coordinatorId, version } = this.settings;
    return {
      coordinatorId,
      publicKey: toBase64Url(keyPair.publicKey),
      version,
      protocol: { minimum: PROTOCOL_MINIMUM, maximum: PROTOCOL_MAXIMUM },
      isOpen: options.isOpen,
      publicUrl: this.address.url,
      gatewayUrl: this.seed.gatewayUrl(),
      webSocketUrl: this.address.webSocketUrl,
      overlay: this.seed.overlay(),
      features: [...FEATURES],
      limits: {
        moduleMaximumBytes: MODULE_MAXIMUM_BYTES,
        inputFileMaximumBytes: INPUT_FILE_MAXIMUM_BYTES,
        outputMaximumBytes: options.outputMaximumBytes,
        memoryMaximumBytes: MEMORY_MAXIMUM_BYTES,
        unitsPerBatchMaximum: UNITS_PER_BATCH_MAXIMUM,
        creditPerReplicaMaximumMilli: options.creditPerReplicaMaximumMilli,
      },
    };
  }
}
