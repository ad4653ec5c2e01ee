// What reading may cost: answers that take work or many bytes come out of a share of the reader's network, those of a call that a project's key signed
// out of a share of the project. Who has used it up is told when to come again.
import { AsyncLocalStorage } from 'node:async_hooks';
import { ManyhandsError } from '@manyhands/contract';
import { networksOf } from '@manyhands/foundation';
import { Injectable } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KnownCallers } from '../auth/known-callers.js';
import { Settings } from '../config/settings.js';
import { type Cost, ReadShares } from './domain/read-shares.js';
import { WaitingPlaces } from './domain/waiting-places.js';
import { sendError } from './errors.filter.js';

const MIB = 1024 * 1024;
/** A share fills in so many seconds: a school behind one address that looks at pages does not notice it. */
const FULL_SECONDS = 20;
const NETWORK_BYTES_PER_SECOND = 16 * MIB;
const PROJECT_BYTES_PER_SECOND = 64 * MIB;
/** All networks together, and all projects, have so many times what one of them has. */
const TOGETHER_FACTOR = 2;
/** A project whose key signs has more of the processor than a network. */
const PROJECT_CPU_FACTOR = 1.5;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answers come out of the reader's share: `always`, or where they are `computed` and not remembered. */
    costly?: 'always' | 'computed';
  }
}

/** A call whose answers come out of the reader's share. */
export const Costly = (): MethodDecorator => RouteConfig({ costly: 'always' });

/** Calls of one reader that wait for something to happen, each answered with whatever does. */
const WAITING_MAXIMUM = 64;
const PLACES_RETRY_MS = 5000;

const calls = new AsyncLocalStorage<Meter>();
const meters = new WeakMap<FastifyRequest, Meter>();

/**
 * Does work for the call under way, which pays for it. Throws MH-GEN-012 with the time to wait when its reader has used up its share, MH-GEN-004 when
 * the caller has left. Outside of such a call it is just done.
 */
export function metered<T>(work: () => T): T {
  const meter = calls.getStore();
  return meter ? meter.run(work) : work();
}

/** Waits for the call under way, which takes one of the places of its reader. Throws MH-GEN-012 when there is none left. */
export async function inWaitingPlace<T>(wait: () => Promise<T>): Promise<T> {
  const meter = calls.getStore();
  return meter ? meter.inWaitingPlace(wait) : wait();
}

type Readers = { readonly shares: ReadShares; readonly places: WaitingPlaces };
type Payer = Readers & { readonly reader: string };

/** One call and who pays for it. */
class Meter {
  private sendingSinceMs: number | undefined;

  constructor(
    private readonly payer: Payer,
    private readonly socket: { readonly destroyed: boolean },
  ) {}

  async inWaitingPlace<T>(wait: () => Promise<T>): Promise<T> {
    const { places, reader } = this.payer;
    if (!places.take(reader)) throw later(PLACES_RETRY_MS);
    try {
      return await wait();
    } finally {
      places.free(reader);
    }
  }

  /** Throws MH-GEN-012, MH-GEN-004. */
  assertMayRead(): void {
    if (this.socket.destroyed) throw new ManyhandsError('MH-GEN-004', { message: 'The caller has left.' });
    const waitMs = Math.ceil(this.payer.shares.waitMs(this.payer.reader, performance.now()));
    if (waitMs > 0) throw later(waitMs);
  }

  run<T>(work: () => T): T {
    this.assertMayRead();
    const beganMs = cpuMs();
    try {
      return work();
    } finally {
      this.spend({ cpuMs: cpuMs() - beganMs, bytes: 0 });
    }
  }

  startSending(): void {
    this.sendingSinceMs = cpuMs();
  }

  sent(bytes: number): void {
    const since = this.sendingSinceMs;
    this.spend({ cpuMs: since === undefined ? 0 : cpuMs() - since, bytes });
  }

  private spend(cost: { cpuMs: number; bytes: number }): void {
    this.payer.shares.spend(this.payer.reader, cost, performance.now());
  }
}

@Injectable()
export class ReadBudget {
  private readonly networks: Readers;
  private readonly projects: Readers;

  constructor(
    { options }: Settings,
    private readonly known: KnownCallers,
  ) {
    const cpuMs = options.readCpuMsPerSecond;
    this.networks = readers({ cpuMs, bytes: NETWORK_BYTES_PER_SECOND });
    this.projects = readers({ cpuMs: PROJECT_CPU_FACTOR * cpuMs, bytes: PROJECT_BYTES_PER_SECOND });
  }

  register(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const { costly } = request.routeOptions.config;
      if (costly === undefined) return done();
      const meter = new Meter(this.payerOf(request), request.raw.socket);
      meters.set(request, meter);
      try {
        if (costly === 'always') meter.assertMayRead();
      } catch (error) {
        return void sendError(reply, ManyhandsError.from(error));
      }
      calls.run(meter, done);
    });
    fastify.addHook('preSerialization', (request, _reply, payload, done) => {
      meters.get(request)?.startSending();
      done(null, payload);
    });
    fastify.addHook('onSend', (request, reply, payload, done) => {
      meters.get(request)?.sent(bytesOf(reply, payload));
      done(null, payload);
    });
  }

  /** Others cannot use up the share of a project, whatever address they share with its scientist. */
  private payerOf(request: FastifyRequest): Payer {
    const owner = this.known.projectOf(request);
    if (owner !== undefined) return { ...this.projects, reader: owner };
    return { ...this.networks, reader: networksOf(request.caller).share };
  }
}

function readers(perSecond: Cost): Readers {
  const shares = new ReadShares({
    burst: times(perSecond, FULL_SECONDS),
    perSecond,
    togetherPerSecond: times(perSecond, TOGETHER_FACTOR),
  });
  return { shares, places: new WaitingPlaces(WAITING_MAXIMUM) };
}

function times({ cpuMs, bytes }: Cost, factor: number): Cost {
  return { cpuMs: factor * cpuMs, bytes: factor * bytes };
}

function later(waitMs: number): ManyhandsError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ManyhandsError('MH-GEN-012', {
    message: `What this network may read at once is used up; it may read again in ${seconds} s. Calls that a project’s key signs have a share of their own.`,
    meta: { retryAfterMs: waitMs },
  });
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function bytesOf(reply: FastifyReply, payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  if (payload instanceof Uint8Array) return payload.length;
  return Number(reply.getHeader('content-length') ?? 0);
}
