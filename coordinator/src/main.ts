// Starts and stops a coordinator: folder and lock, database, children, HTTP and WebSockets, in this order; stopping goes the other way.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bracketed, type CoordinatorId, ManyhandsError } from '@manyhands/contract';
import { LISTEN_BACKLOG } from '@manyhands/foundation';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Admission } from './admission/admission.js';
import { appModule } from './app.module.js';
import { KnownCallers } from './auth/known-callers.js';
import { type DataFolder, keySeedIn, layoutOf, makeFolders, operatorTokenIn } from './config/data-folder.js';
import { createLogger } from './config/logger.js';
import { type CheckedOptions, type CoordinatorOptions, checkOptions } from './config/options.js';
import { PublicAddress } from './config/public-address.js';
import { Settings } from './config/settings.js';
import type { Foundation } from './foundation.module.js';
import { refuseBrokenRequest } from './http/broken-request.js';
import { ErrorsFilter, sendError, toManyhandsError } from './http/errors.filter.js';
import { registerHoldBack } from './http/hold-back.js';
import { NestLog } from './http/nest-log.js';
import { serveOpenApi } from './http/openapi.js';
import { registerRateLimit } from './http/rate-limit.js';
import { ReadBudget } from './http/read-budget.js';
import { registerBodyParsers } from './http/request-body.js';
import { registerReuse } from './http/reusable.js';
import { registerSecurityHeaders } from './http/security-headers.js';
import { validationPipe } from './http/validation.js';
import { MetricsService } from './metrics/metrics.service.js';
import { servePages } from './pages/static-pages.js';
import { UploadGate } from './results/upload-gate.js';
import { SeedSupervisor } from './seed/seed.supervisor.js';
import { SqliteDatabase } from './storage/sqlite/database.js';
import { lockFile } from './storage/sqlite/file-lock.js';
import { WorkerSocketAdapter } from './workers/worker-socket.adapter.js';

/** Headers and body of one call must have come by then. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Headers alone are short: who sends them slowly means to hold a connection. */
const HEADERS_TIMEOUT_MS = 20_000;
/** A connection on which no call follows is closed. */
const KEEP_ALIVE_MS = 30_000;
/** So often the times above are looked at. */
const DEADLINES_INTERVAL_MS = 5000;
const ADDRESS_MAXIMUM_CHARACTERS = 300;

export type RunningCoordinator = {
  /** Address under which others reach it. */
  readonly url: string;
  readonly coordinatorId: CoordinatorId;
  readonly port: number;
  readonly gatewayUrl: string;
  /** Networks whose computers count as independent of each other. `isLocal`: among them this computer, because no other can take part. */
  readonly sharedNetworks: { readonly names: readonly string[]; readonly isLocal: boolean };
  /** Ends it gracefully: finishes calls, closes WebSockets, children and database. Idempotent. */
  stop(): Promise<void>;
};

/**
 * Starts a coordinator on a data folder.
 * Throws MH-GEN-006 (port in use), MH-GEN-007 (folder of a newer version), MH-GEN-008 (folder in use), MH-GEN-009 (wrong option), MH-GEN-013.
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  const checked = checkOptions(options);
  const folder = layoutOf(checked.dataDirectory);
  await makeFolders(folder);
  const lock = lockFile(folder.lock);
  let database: SqliteDatabase | undefined;
  const release = (): void => {
    database?.close();
    lock.release();
  };
  try {
    database = SqliteDatabase.open({ file: folder.database });
    const foundation = await foundationOf(checked, folder, database);
    return running(foundation, { app: await serve(foundation), release });
  } catch (error) {
    release();
    throw error;
  }
}

async function foundationOf(
  options: CheckedOptions,
  folder: DataFolder,
  database: SqliteDatabase,
): Promise<Foundation> {
  const keySeed = await keySeedIn(folder.coordinatorKey);
  const operatorToken =
    options.operatorToken ?? process.env.MANYHANDS_OPERATOR_TOKEN ?? (await operatorTokenIn(folder.operatorToken));
  const settings = new Settings(options, { folder, keySeed, operatorToken });
  const address = new PublicAddress(options);
  return { settings, database, address, admission: new Admission(options), logger: createLogger(options.logLevel) };
}

async function serve(foundation: Foundation): Promise<NestFastifyApplication> {
  const { settings, address } = foundation;
  const app = await createApp(foundation);
  try {
    await listen(app, settings.options);
    address.setPort(((app.getHttpServer() as Server).address() as AddressInfo) ? portOf(app) : 0);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function createApp(foundation: Foundation): Promise<NestFastifyApplication> {
  const { admission } = foundation;
  const adapter = new FastifyAdapter({
    http: { connectionsCheckingInterval: DEADLINES_INTERVAL_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) =>
      void sendError(reply, toManyhandsError(error)),
    clientErrorHandler: refuseBrokenRequest,
    routerOptions: { maxParamLength: ADDRESS_MAXIMUM_CHARACTERS },
  });
  const app = await NestFactory.create<NestFastifyApplication>(appModule(foundation), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(foundation.logger),
  });
  const fastify = adapter.getInstance();
  fastify.server.headersTimeout = HEADERS_TIMEOUT_MS;
  admission.guard(fastify.server);
  registerRateLimit(fastify, admission);
  registerHoldBack(fastify, admission, app.get(KnownCallers));
  registerReuse(fastify);
  app.get(ReadBudget).register(fastify);
  registerSecurityHeaders(fastify);
  registerBodyParsers(fastify, app.get(UploadGate), admission);
  app.get(MetricsService).measure(fastify, foundation.logger);
  app.useWebSocketAdapter(new WorkerSocketAdapter(app));
  app.useGlobalPipes(validationPipe());
  const { options, version } = foundation.settings;
  const pages = await servePages(app, { webRoot: options.webRoot, logger: foundation.logger });
  app.useGlobalFilters(new ErrorsFilter(foundation.logger, pages));
  serveOpenApi(app, version);
  return app;
}

async function listen(app: NestFastifyApplication, { port, host }: CheckedOptions): Promise<void> {
  try {
    await app.listen({ port, host, backlog: LISTEN_BACKLOG });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ManyhandsError('MH-GEN-006', {
      message: `Port ${port} of ${bracketed(host)} is in use by another program; stop it or choose another one with --port.`,
      meta: { port, host },
      cause: error,
    });
  }
}

function portOf(app: NestFastifyApplication): number {
  return ((app.getHttpServer() as Server).address() as AddressInfo).port;
}

function running(
  { settings, address, logger }: Foundation,
  { app, release }: { app: NestFastifyApplication; release(): void },
): RunningCoordinator {
  const { coordinatorId } = settings;
  const gatewayUrl = app.get(SeedSupervisor).gatewayUrl();
  logger.info({ url: address.url, gatewayUrl, coordinatorId }, 'listening');
  const { names, isLocal } = settings.sharedNetworks;
  if (isLocal) logger.info({ sharedNetworks: names }, 'computers at this one count as independent of each other');
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    logger.info('stopping');
    await app.close();
    release();
    logger.flush();
  };
  return {
    url: address.url,
    coordinatorId,
    port: address.port,
    gatewayUrl,
    sharedNetworks: { names, isLocal },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
