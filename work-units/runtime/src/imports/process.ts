// Ending, yielding and randomness.
import { Errno } from '../abi/errno.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { HOST_FUEL } from '../host/meter.js';
import { fillRandom } from '../host/random.js';
import { RANDOM_MAXIMUM_BYTES } from '../limits.js';
import { ExitSignal, FailureSignal, fail } from '../state/signals.js';

export function processImports({ state, memory, meter }: HostContext): ImportGroup {
  return {
    proc_exit(exitCode: number): never {
      // As a process of POSIX, whose parent sees the low 8 bits.
      throw new ExitSignal(exitCode & 0xff);
    },
    proc_raise(signal: number): never {
      throw new FailureSignal('MH-UNIT-001', `the program raised signal ${signal & 0xff}`);
    },
    sched_yield: () => Errno.success,
    random_get(pointer: number, length: number) {
      const target = memory.bytes(pointer, length);
      if (target.length > RANDOM_MAXIMUM_BYTES) fail(Errno.invalid);
      meter.charge(HOST_FUEL.random + target.length * HOST_FUEL.randomByte);
      fillRandom(state.random, target);
      return Errno.success;
    },
  };
}
