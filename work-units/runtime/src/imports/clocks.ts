// Clocks that stand still (see host/clock.ts), at the time that the unit declares.
import { ClockId } from '../abi/constants.js';
import { Errno } from '../abi/errno.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import type { HostState } from '../host/host-state.js';
import { CLOCK_RESOLUTION_NS, FIXED_PROCESSOR_TIME_NS } from '../state/clock.js';
import { fail } from '../state/signals.js';

/** The time of a clock; EINVAL for one that does not exist. */
export function clockTimeNs({ clockNs }: Pick<HostState, 'clockNs'>, id: number): bigint {
  switch (id >>> 0) {
    case ClockId.realtime:
    case ClockId.monotonic:
      return clockNs;
    case ClockId.processTime:
    case ClockId.threadTime:
      return FIXED_PROCESSOR_TIME_NS;
    default:
      return fail(Errno.invalid);
  }
}

export function clockImports({ state, memory }: HostContext): ImportGroup {
  return {
    clock_res_get(id: number, pointer: number) {
      clockTimeNs(state, id);
      memory.setU64(pointer, CLOCK_RESOLUTION_NS);
      return Errno.success;
    },
    clock_time_get(id: number, _precision: bigint, pointer: number) {
      memory.setU64(pointer, clockTimeNs(state, id));
      return Errno.success;
    },
  };
}
