// Puts the modules of the coordinator together.
import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccountsController } from './accounts/accounts.controller.js';
import { AccountsService } from './accounts/accounts.service.js';
import { HostsController } from './accounts/hosts.controller.js';
import { AppChecker } from './apps/app-checker.js';
import { AppsController } from './apps/apps.controller.js';
import { AppsService } from './apps/apps.service.js';
import { KnownCallers } from './auth/known-callers.js';
import { OperatorGuard } from './auth/operator.guard.js';
import { SignedCalls } from './auth/signed-calls.js';
import { BatchEndings } from './batches/batch-endings.js';
import { BatchUnitsController } from './batches/batch-units.controller.js';
import { BatchesController } from './batches/batches.controller.js';
import { BatchesService } from './batches/batches.service.js';
import { OutcomesService } from './batches/outcomes.service.js';
import { SubmissionService } from './batches/submission.service.js';
import { UnitNames } from './batches/unit-names.js';
import { BlocksController } from './blocks/blocks.controller.js';
import { BlocksService } from './blocks/blocks.service.js';
import { CoreModule } from './core/core.module.js';
import { CorePortsModule } from './core-ports.module.js';
import { type Foundation, foundationModule } from './foundation.module.js';
import { HealthController } from './health/health.controller.js';
import { ReadBudget } from './http/read-budget.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { OperatorController } from './operator/operator.controller.js';
import { PageFacts } from './pages/page-facts.service.js';
import { ProjectsController } from './projects/projects.controller.js';
import { ProjectsService } from './projects/projects.service.js';
import { HandsService } from './questions/hands.service.js';
import { Presence } from './questions/presence.js';
import { QuestionsController } from './questions/questions.controller.js';
import { QuestionsService } from './questions/questions.service.js';
import { AcceptedResults } from './results/accepted-results.js';
import { CheckpointsController } from './results/checkpoints.controller.js';
import { PartsController } from './results/parts.controller.js';
import { ResultsController } from './results/results.controller.js';
import { UploadGate } from './results/upload-gate.js';
import { UploadsController } from './results/uploads.controller.js';
import { RetentionService } from './retention/retention.service.js';
import { CoordinatorController } from './stats/coordinator.controller.js';
import { StatsController } from './stats/stats.controller.js';
import { StatsService } from './stats/stats.service.js';
import { StorageModule } from './storage.module.js';
import { MessageHandlers } from './workers/message-handlers.js';
import { WorkerGateway } from './workers/worker.gateway.js';

const controllers = [
  CoordinatorController,
  StatsController,
  QuestionsController,
  ProjectsController,
  AppsController,
  BlocksController,
  BatchesController,
  BatchUnitsController,
  ResultsController,
  UploadsController,
  CheckpointsController,
  PartsController,
  AccountsController,
  HostsController,
  OperatorController,
  HealthController,
  MetricsController,
];
const providers = [
  MessageHandlers,
  WorkerGateway,
  SignedCalls,
  KnownCallers,
  ReadBudget,
  UploadGate,
  OperatorGuard,
  ProjectsService,
  BlocksService,
  AppChecker,
  AppsService,
  SubmissionService,
  BatchesService,
  BatchEndings,
  UnitNames,
  OutcomesService,
  AcceptedResults,
  AccountsService,
  Presence,
  HandsService,
  QuestionsService,
  StatsService,
  PageFacts,
  MetricsService,
  RetentionService,
];

@Module({})
class AppModule {}

/** The whole coordinator on its foundation. */
export function appModule(foundation: Foundation): DynamicModule {
  const imports = [DiscoveryModule, foundationModule(foundation), StorageModule, CorePortsModule, CoreModule];
  return { module: AppModule, imports, controllers, providers };
}
