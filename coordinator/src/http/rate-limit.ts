// A bound on requests per address, so that one caller cannot take the coordinator from all others.
import { isLoopback, ManyhandsError, networkOf } from '@manyhands/contract';
import type { FastifyInstance } from 'fastify';
import { isAbandoned } from './caller.js';
import { type Bucket, fillBucket, takeFrom } from './domain/token-bucket.js';
import { sendError } from './errors.filter.js';

/** A second's worth of requests may come at once this many times over. */
const BURST_SECONDS = 10;
const LOOPBACK_FACTOR = 20;
const ADDRESSES_MAXIMUM = 50_000;

/** Answers MH-GEN-012 when an address exceeds its rate. Health checks are free. */
export function registerRateLimit(fastify: FastifyInstance, options: { requestsPerSecond: number }): void {
  const buckets = new Map<string, Bucket>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isAbandoned(request, reply)) return;
    if (request.url === '/healthz' || request.url === '/readyz') return done();
    const key = networkOf(request.ip);
    const perSecond = options.requestsPerSecond * (isLoopback(request.ip) ? LOOPBACK_FACTOR : 1);
    const rate = { perSecond, burst: perSecond * BURST_SECONDS };
    const nowMs = performance.now();
    const taken = takeFrom(buckets.get(key) ?? fillBucket(rate, nowMs), rate, nowMs);
    if (buckets.size >= ADDRESSES_MAXIMUM && !buckets.has(key)) buckets.clear();
    buckets.set(key, taken.bucket);
    if (taken.isTaken) return done();
    sendError(reply, new ManyhandsError('MH-GEN-012'));
  });
}
