// Runs instrumented modules in tests without the runtime: yields, unwinds and rewinds, with as little of WASI as programs need to print.
import { type Build, EngineExport } from '../../src/index.js';

export type Driven = {
  /** What was written, by descriptor 1. */
  stdout: string;
  /** Message of the trap, or null after a normal end. */
  trap: string | null;
  fuel: bigint;
  depthLeft: bigint;
  yields: number;
  instance: WebAssembly.Instance;
};

export type DriveOptions = {
  build: Build;
  /** Fuel between two stops. */
  slice?: bigint;
  /** How far below zero a check without yield lets the fuel go. */
  slack?: bigint;
  /** Called after each unwinding, before going on. */
  atStop?: (instance: WebAssembly.Instance) => void;
  /** Sent to the program by fd_read. */
  stdin?: Uint8Array;
};

const STACK_START = 8;
const UNLIMITED = 2n ** 60n;

class Exit extends Error {}

/** The least of WASI: writes are kept, the rest answers 0 or "not supported". */
export function tinyHost(stdin: Uint8Array = new Uint8Array(0)) {
  let memory: WebAssembly.Memory | null = null;
  let output = '';
  let taken = 0;
  const view = (): DataView => new DataView((memory as WebAssembly.Memory).buffer);
  const vectors = (base: number, count: number): { start: number; length: number }[] =>
    Array.from({ length: count }, (_, index) => ({
      start: view().getUint32(base + 8 * index, true),
      length: view().getUint32(base + 8 * index + 4, true),
    }));
  const bytes = (start: number, length: number): Uint8Array =>
    new Uint8Array((memory as WebAssembly.Memory).buffer, start, length);
  const functions: Record<string, (...parameters: number[]) => number> = {
    fd_write(fd = 0, base = 0, count = 0, result = 0) {
      let total = 0;
      for (const { start, length } of vectors(base, count)) {
        if (fd === 1) output += Buffer.from(bytes(start, length)).toString('latin1');
        total += length;
      }
      view().setUint32(result, total, true);
      return 0;
    },
    fd_read(_fd = 0, base = 0, count = 0, result = 0) {
      let total = 0;
      for (const { start, length } of vectors(base, count)) {
        const part = stdin.subarray(taken, taken + length);
        bytes(start, part.length).set(part);
        taken += part.length;
        total += part.length;
      }
      view().setUint32(result, total, true);
      return 0;
    },
    proc_exit(code = 0) {
      throw new Exit(String(code));
    },
    args_sizes_get: zeroTwo,
    environ_sizes_get: zeroTwo,
    fd_prestat_get: () => 8,
    fd_fdstat_get: () => 0,
  };
  function zeroTwo(first = 0, second = 0): number {
    view().setUint32(first, 0, true);
    view().setUint32(second, 0, true);
    return 0;
  }
  const wasi = new Proxy(functions, { get: (all, name) => all[String(name)] ?? (() => 0) });
  return {
    wasi,
    attach(instance: WebAssembly.Instance): void {
      memory = instance.exports.memory as WebAssembly.Memory;
    },
    output: (): string => output,
  };
}

/** Runs a module that was not instrumented. */
export function runPlain(
  wasm: Uint8Array,
  stdin?: Uint8Array,
): { stdout: string; trap: string | null; instance: WebAssembly.Instance } {
  const host = tinyHost(stdin);
  const module = new WebAssembly.Module(new Uint8Array(wasm));
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.wasi });
  host.attach(instance);
  const trap = attempt(() => (instance.exports._start as () => void)());
  return { stdout: host.output(), trap, instance };
}

export function drive(wasm: Uint8Array, options: DriveOptions): Driven {
  const { build, slice = UNLIMITED, slack = 2n ** 32n } = options;
  const host = tinyHost(options.stdin);
  const state = { fuelTaken: slice, yields: 0, isUnwinding: false };
  const imports = {
    wasi_snapshot_preview1: host.wasi,
    manyhands: {
      yield() {
        if (call('asyncify_get_state') === 2) {
          call('asyncify_stop_rewind');
          return;
        }
        state.yields++;
        state.isUnwinding = true;
        stack.setUint32(0, STACK_START, true);
        stack.setUint32(4, stack.byteLength, true);
        call('asyncify_start_unwind', 0);
      },
    },
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), imports);
  host.attach(instance);
  const call = (name: string, ...parameters: number[]): unknown =>
    (instance.exports[name] as (...parameters: number[]) => unknown)(...parameters);
  const global = (name: string): WebAssembly.Global => instance.exports[name] as WebAssembly.Global;
  const stackMemory = instance.exports[EngineExport.stack] as WebAssembly.Memory | undefined;
  const stack = new DataView(stackMemory?.buffer ?? new ArrayBuffer(0));
  global(EngineExport.fuel).value = slice;
  global(EngineExport.floor).value = -slack;
  const trap = attempt(() => {
    if (build === 'step') return runSteps(call, instance);
    for (;;) {
      call('_start');
      if (!state.isUnwinding) return;
      call('asyncify_stop_unwind');
      state.isUnwinding = false;
      options.atStop?.(instance);
      do {
        global(EngineExport.fuel).value += slice;
        state.fuelTaken += slice;
      } while (global(EngineExport.fuel).value < 0n);
      call('asyncify_start_rewind', 0);
    }
  });
  return {
    stdout: host.output(),
    trap,
    fuel: state.fuelTaken - global(EngineExport.fuel).value,
    depthLeft: global(EngineExport.depth).value,
    yields: state.yields,
    instance,
  };
}

function runSteps(call: (name: string) => unknown, instance: WebAssembly.Instance): void {
  if (instance.exports._initialize !== undefined) call('_initialize');
  call('init');
  while (call('step') !== 0);
  call('finish');
}

function attempt(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof Exit) return error.message === '0' ? null : `exit ${error.message}`;
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return error.message;
    throw error;
  }
}
