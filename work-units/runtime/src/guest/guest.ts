// One instance of a prepared module: its program and everything of its state that is not memory.
import type { Build } from '@manyhands/contract';
import {
  DEPTH_EXPORT,
  FLOOR_EXPORT,
  FUEL_EXPORT,
  GLOBAL_EXPORT_PREFIX,
  GROWTH_REFUSED_EXPORT,
  STACK_EXPORT,
  YIELD_MODULE,
  YIELD_NAME,
} from '../abi/constants.js';
import type { HostContext } from '../host/host-context.js';
import { createImports } from '../imports/index.js';
import { FailureSignal } from '../state/signals.js';
import { CommandProgram } from './command-program.js';
import { decodeGlobals, encodeGlobals } from './global-values.js';
import { ownExport, type Program } from './program.js';
import { StepProgram } from './step-program.js';

/** What a guest's further course depends on besides its memory. `globals` and `stack` are bytes as they are hashed and stored. */
export type GuestState = { phase: number; depth: number; globals: Uint8Array; stack: Uint8Array };

export class Guest {
  readonly memory: WebAssembly.Memory;
  private readonly program: Program;
  private readonly globals: readonly WebAssembly.Global[];
  private readonly floorCell: WebAssembly.Global;
  private readonly depthCell: WebAssembly.Global;
  private readonly growthRefusedCell: WebAssembly.Global;
  private readonly fuelCell: WebAssembly.Global;
  private readonly depthMaximum: number;

  /** Makes the instance; throws FailureSignal MH-UNIT-007 for a module that is not of that build, and whatever instantiation throws. */
  constructor(module: WebAssembly.Module, build: Build, context: HostContext) {
    const imports = createImports(context);
    // Only once there is an instance is there a program that can yield.
    const yields: { command: CommandProgram | null } = { command: null };
    imports[YIELD_MODULE] = { [YIELD_NAME]: () => yields.command?.onYield() };
    checkImports(module, imports);
    const { exports } = new WebAssembly.Instance(module, imports);
    const required = new Exports(exports);
    this.memory = required.memory('memory');
    this.fuelCell = required.global(FUEL_EXPORT);
    this.floorCell = required.global(FLOOR_EXPORT);
    this.depthCell = required.global(DEPTH_EXPORT);
    this.growthRefusedCell = required.global(GROWTH_REFUSED_EXPORT);
    this.globals = globalsOf(exports);
    this.depthMaximum = this.depth;
    if (!this.isDepthPossible) throw new Error('the module begins with a depth that no pipeline gives it');
    if (build === 'step') this.program = stepProgramOf(required, () => context.meter.isSpent);
    else this.program = yields.command = commandProgramOf(required, context);
    context.memory.attach(this.memory);
    context.meter.attach(this.fuelCell);
  }

  /** Bytes of stack left to the program's functions; negative once it went too deep. */
  get depth(): number {
    return Number(this.depthCell.value);
  }

  get isTooDeep(): boolean {
    return this.depth < 0;
  }

  /** Whether a loop or step without a yield point took more fuel than it may. */
  get isBelowFloor(): boolean {
    return this.fuelCell.value < this.floorCell.value;
  }

  get isGrowthRefused(): boolean {
    return this.growthRefusedCell.value === 1;
  }

  /** Whether the program stands as the engine left it, neither unwinding nor rewinding. A forged module may trap even here. */
  get isInOrder(): boolean {
    try {
      return this.program.isInOrder();
    } catch {
      return false;
    }
  }

  /** Whether the depth is one that a program can stand at while it goes on. */
  get isDepthPossible(): boolean {
    return Number.isSafeInteger(this.depthMaximum) && this.depth >= 0 && this.depth <= this.depthMaximum;
  }

  /** The program traps, where it does not yield, once less fuel than that is left. */
  setFloor(floor: bigint): void {
    this.floorCell.value = floor;
  }

  /** Runs on until the end (true) or until the program yields (false). */
  run(): boolean {
    return this.program.run();
  }

  state(): GuestState {
    const { phase } = this.program;
    return { phase, depth: this.depth, globals: encodeGlobals(this.globals), stack: this.program.stack() };
  }

  /** Takes over a state; false when this module cannot be in it. The memory is the caller's task. */
  restore({ phase, depth, globals, stack }: GuestState): boolean {
    if (depth > this.depthMaximum) return false;
    this.depthCell.value = BigInt(depth);
    return decodeGlobals(this.globals, globals) && this.program.restore(phase, stack);
  }
}

/** Engines differ in how they report a missing import, so that it is looked for beforehand. */
function checkImports(module: WebAssembly.Module, imports: WebAssembly.Imports): void {
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function' && imports[from]?.[name] !== undefined) continue;
    throw new FailureSignal('MH-UNIT-007', `the module imports "${name}" from "${from}", which the host does not have`);
  }
}

/** Exports by name and kind. The object itself must never be awaited or handed to a promise: a guest may export `then`. */
class Exports {
  constructor(private readonly exports: WebAssembly.Exports) {}

  memory(name: string): WebAssembly.Memory {
    const value = ownExport(this.exports, name);
    return value instanceof WebAssembly.Memory ? value : this.missing('memory', name);
  }

  global(name: string): WebAssembly.Global {
    const value = ownExport(this.exports, name);
    return value instanceof WebAssembly.Global ? value : this.missing('global', name);
  }

  has(name: string): boolean {
    return ownExport(this.exports, name) !== undefined;
  }

  function<Result>(name: string): (...parameters: number[]) => Result {
    const value = ownExport(this.exports, name);
    return typeof value === 'function'
      ? (value as (...parameters: number[]) => Result)
      : this.missing('function', name);
  }

  private missing(kind: string, name: string): never {
    throw new FailureSignal(
      'MH-UNIT-007',
      `the module does not export a ${kind} "${name}"; build it with this version`,
    );
  }
}

function globalsOf(exports: WebAssembly.Exports): WebAssembly.Global[] {
  const globals: WebAssembly.Global[] = [];
  for (;;) {
    const value = ownExport(exports, `${GLOBAL_EXPORT_PREFIX}${globals.length}`);
    if (!(value instanceof WebAssembly.Global)) return globals;
    globals.push(value);
  }
}

function commandProgramOf(exports: Exports, { suspension }: HostContext): CommandProgram {
  return new CommandProgram(
    {
      start: exports.function('_start'),
      stack: exports.memory(STACK_EXPORT),
      fuel: exports.global(FUEL_EXPORT),
      startUnwind: exports.function('asyncify_start_unwind'),
      stopUnwind: exports.function('asyncify_stop_unwind'),
      startRewind: exports.function('asyncify_start_rewind'),
      stopRewind: exports.function('asyncify_stop_rewind'),
      state: exports.function('asyncify_get_state'),
    },
    suspension,
  );
}

function stepProgramOf(exports: Exports, mustYield: () => boolean): StepProgram {
  return new StepProgram(
    {
      initialize: exports.has('_initialize') ? exports.function('_initialize') : null,
      init: exports.function('init'),
      step: exports.function('step'),
      finish: exports.function('finish'),
    },
    mustYield,
  );
}
