// Runs instrumented modules in tests without the runtime: yields, unwinds and rewinds, also into a new instance.
import { type Build, EngineExport, GLOBAL_EXPORT_PREFIX } from '../../src/index.js';
import { endOf, tinyHost } from './tiny-host.js';

export type DriveOptions = {
  build: Build;
  /** Fuel between two stops, by the number of the stop. */
  slice?: (stop: number) => bigint;
  /** How far below zero a check without yield lets the fuel go. */
  slack?: bigint;
  /** Goes on in a new instance after each stop, which has nothing of the old one but what is exported. */
  isMoved?: boolean;
};

export type Driven = {
  stdout: string;
  /** Message of the trap, or null after a normal end. */
  trap: string | null;
  fuel: bigint;
  depthLeft: bigint;
  stops: number;
  /** Most bytes that the stack of a stopped program took. */
  stackBytes: number;
  memory: Uint8Array;
  /** The program's own, in order. */
  globals: (number | bigint)[];
};

const STACK_START = 8;
const UNLIMITED = 2n ** 60n;
const SLACK = 2n ** 32n;
const REWINDING = 2;

export function drive(wasm: Uint8Array, options: DriveOptions): Driven {
  return new Driver(new WebAssembly.Module(new Uint8Array(wasm)), options).run();
}

/** Runs a module that was not instrumented; its globals are exported as g0, g1 and so on. */
export function runPlain(wasm: Uint8Array): Omit<Driven, 'fuel' | 'depthLeft' | 'stops' | 'stackBytes'> {
  const host = tinyHost();
  const module = new WebAssembly.Module(new Uint8Array(wasm));
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.functions });
  const memory = exports.memory as WebAssembly.Memory;
  host.attach(memory);
  const trap = endOf(exports._start as () => void);
  return { stdout: host.output(), trap, memory: bytesOf(memory), globals: globalValues(exports, 'g') };
}

class Driver {
  readonly #host = tinyHost();
  #exports: WebAssembly.Exports = {};
  #fuelGiven = 0n;
  #stops = 0;
  #stackBytes = 0;
  #isUnwinding = false;

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly options: DriveOptions,
  ) {
    this.#instantiate();
  }

  run(): Driven {
    const { build, slack = SLACK } = this.options;
    this.#global(EngineExport.floor).value = -slack;
    this.#refuel();
    const trap = endOf(() => (build === 'step' ? this.#runSteps() : this.#runCommand()));
    return {
      stdout: this.#host.output(),
      trap,
      fuel: this.#fuelGiven - this.#global(EngineExport.fuel).value,
      depthLeft: this.#global(EngineExport.depth).value,
      stops: this.#stops,
      stackBytes: this.#stackBytes,
      memory: bytesOf(this.#exports.memory as WebAssembly.Memory),
      globals: globalValues(this.#exports, GLOBAL_EXPORT_PREFIX),
    };
  }

  #runSteps(): void {
    if (this.#exports._initialize !== undefined) this.#call('_initialize');
    this.#call('init');
    while (this.#call('step') !== 0);
    this.#call('finish');
  }

  #runCommand(): void {
    for (;;) {
      this.#call('_start');
      if (!this.#isUnwinding) return;
      this.#call('asyncify_stop_unwind');
      this.#isUnwinding = false;
      this.#stackBytes = Math.max(this.#stackBytes, this.#stack().getUint32(0, true) - STACK_START);
      if (this.options.isMoved === true) this.#move();
      // Still out of fuel, so that the yield point calls again.
      this.#call('asyncify_start_rewind', 0);
    }
  }

  /** Called by the program at a yield point without fuel, and again when it comes back there. */
  #yield(): void {
    if (this.#call('asyncify_get_state') === REWINDING) {
      this.#call('asyncify_stop_rewind');
      this.#refuel();
      return;
    }
    this.#stops++;
    this.#isUnwinding = true;
    this.#stack().setUint32(0, STACK_START, true);
    this.#stack().setUint32(4, this.#stack().byteLength, true);
    this.#call('asyncify_start_unwind', 0);
  }

  #refuel(): void {
    const { slice = () => UNLIMITED } = this.options;
    const fuel = this.#global(EngineExport.fuel);
    do {
      const more = slice(this.#stops);
      fuel.value += more;
      this.#fuelGiven += more;
    } while (fuel.value < 0n);
  }

  #instantiate(): void {
    const { exports } = new WebAssembly.Instance(this.module, {
      wasi_snapshot_preview1: this.#host.functions,
      manyhands: { yield: () => this.#yield() },
    });
    this.#exports = exports;
    this.#host.attach(exports.memory as WebAssembly.Memory);
  }

  #move(): void {
    const old = this.#exports;
    this.#instantiate();
    for (const [name, item] of Object.entries(old)) {
      const target = this.#exports[name];
      if (item instanceof WebAssembly.Global) (target as WebAssembly.Global).value = item.value;
      if (item instanceof WebAssembly.Memory) copyMemory(item, target as WebAssembly.Memory);
    }
  }

  #call(name: string, ...parameters: number[]): unknown {
    return (this.#exports[name] as (...all: number[]) => unknown)(...parameters);
  }

  #global(name: string): WebAssembly.Global {
    return this.#exports[name] as WebAssembly.Global;
  }

  #stack(): DataView {
    return new DataView((this.#exports[EngineExport.stack] as WebAssembly.Memory).buffer);
  }
}

function copyMemory(from: WebAssembly.Memory, to: WebAssembly.Memory): void {
  const pages = (from.buffer.byteLength - to.buffer.byteLength) / 65_536;
  if (pages > 0) to.grow(pages);
  new Uint8Array(to.buffer).set(new Uint8Array(from.buffer));
}

function bytesOf(memory: WebAssembly.Memory): Uint8Array {
  return new Uint8Array(memory.buffer).slice();
}

function globalValues(exports: WebAssembly.Exports, prefix: string): (number | bigint)[] {
  const values: (number | bigint)[] = [];
  for (let number = 0; ; number++) {
    const item = exports[`${prefix}${number}`];
    if (!(item instanceof WebAssembly.Global)) return values;
    values.push(item.value);
  }
}
