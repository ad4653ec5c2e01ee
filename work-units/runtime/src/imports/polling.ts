// Waiting: nothing ever has to be waited for, so every subscription is ready at once.
import { PollEvent } from '../abi/constants.js';
import { Errno, type ErrnoValue } from '../abi/errno.js';
import { descriptorAt, fileNodeOf } from '../descriptors/descriptor-table.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { HOST_FUEL } from '../host/meter.js';
import { SUBSCRIPTIONS_MAXIMUM } from '../limits.js';
import { ErrnoSignal, fail } from '../state/signals.js';
import { clockTimeNs } from './clocks.js';

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;

type Subscription = { userData: bigint; type: number; subject: number };
type PollResult = Subscription & { errno: ErrnoValue; availableBytes: number };

export function pollImports({ state, memory, meter }: HostContext): ImportGroup {
  const { descriptors: table, tree } = state;

  function readSubscription(address: number): Subscription {
    return { userData: memory.u64(address), type: memory.u8(address + 8), subject: memory.u32(address + 16) };
  }

  /** How many bytes can be read at once, or 0 for writing and clocks. An errno as for any other call. */
  function availableBytes({ type, subject }: Subscription): number {
    if (type === PollEvent.clock) {
      clockTimeNs(state, subject);
      return 0;
    }
    const descriptor = descriptorAt(table, subject);
    if (type !== PollEvent.readable || descriptor.kind !== 'file') return 0;
    return Math.max(0, fileNodeOf(tree, descriptor).content.sizeBytes - descriptor.offset);
  }

  function resultOf(subscription: Subscription): PollResult {
    try {
      return { ...subscription, errno: Errno.success, availableBytes: availableBytes(subscription) };
    } catch (error) {
      if (!(error instanceof ErrnoSignal)) throw error;
      return { ...subscription, errno: error.errno, availableBytes: 0 };
    }
  }

  function writeEvent(address: number, result: PollResult): void {
    memory.clear(address, EVENT_BYTES);
    memory.setU64(address, result.userData);
    memory.setU16(address + 8, result.errno);
    memory.setU8(address + 10, result.type);
    memory.setU64(address + 16, BigInt(result.availableBytes));
  }

  return {
    poll_oneoff(input: number, output: number, count: number, countPointer: number) {
      const total = count >>> 0;
      if (total === 0 || total > SUBSCRIPTIONS_MAXIMUM) fail(Errno.invalid);
      const from = memory.at(input, total * SUBSCRIPTION_BYTES);
      const to = memory.at(output, total * EVENT_BYTES);
      memory.at(countPointer, 4);
      meter.charge(total * HOST_FUEL.subscription);
      const subscriptions = Array.from({ length: total }, (_, index) =>
        readSubscription(from + index * SUBSCRIPTION_BYTES),
      );
      if (subscriptions.some(({ type }) => type > PollEvent.writable)) fail(Errno.invalid);
      const descriptors = subscriptions.filter(({ type }) => type !== PollEvent.clock);
      const ready = (descriptors.length > 0 ? descriptors : subscriptions).map(resultOf);
      for (const [index, result] of ready.entries()) writeEvent(to + index * EVENT_BYTES, result);
      memory.setU32(countPointer, ready.length);
      return Errno.success;
    },
  };
}
