// Runs the reference of a program: a host of a few lines beside the real one, so that the two can be held against each other.
import { createCipheriv } from 'node:crypto';
import { HOST_COST } from './program/costs.js';
import { REFERENCE_FUEL_EXPORT } from './program/emit-module.js';

/** What a unit comes to; `stdout` only when it succeeded. */
export type Expected =
  | { kind: 'success'; fuel: number; stdout: Uint8Array }
  | { kind: 'unit-failure'; fuel: number; code: string; exitCode: number | null }
  /** The native stack ended first: only the instrumented program can say where that is. */
  | { kind: 'unknown' };

export type ReferenceOptions = { fuelMaximum: number; seed: Uint8Array; args: readonly string[] };

const FAULT = 21;

class Exit extends Error {
  constructor(readonly exitCode: number) {
    super('exit');
  }
}

/** Runs the reference module, which was made with the same fuel limit. */
export function runReference(wasm: Uint8Array<ArrayBuffer>, options: ReferenceOptions): Expected {
  const host = new ReferenceHost(options);
  const ending = run(wasm, host);
  const fuel = host.fuelUsed();
  if (fuel > options.fuelMaximum)
    return { kind: 'unit-failure', fuel: options.fuelMaximum, code: 'MH-UNIT-008', exitCode: null };
  if (ending === 'overflow') return { kind: 'unknown' };
  if (ending === 'trap') return { kind: 'unit-failure', fuel, code: 'MH-UNIT-001', exitCode: null };
  if (ending !== 0) return { kind: 'unit-failure', fuel, code: 'MH-UNIT-002', exitCode: ending };
  return { kind: 'success', fuel, stdout: Buffer.concat(host.written) };
}

function run(wasm: Uint8Array<ArrayBuffer>, host: ReferenceHost): number | 'trap' | 'overflow' {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), host.imports());
    host.attach(instance.exports);
    (instance.exports._start as () => void)();
    return 0;
  } catch (error) {
    if (error instanceof Exit) return error.exitCode;
    if (error instanceof WebAssembly.RuntimeError) return 'trap';
    if (error instanceof RangeError) return 'overflow';
    throw error;
  }
}

/** The five functions that generated programs call. */
class ReferenceHost {
  readonly written: Uint8Array[] = [];
  private memory = new WebAssembly.Memory({ initial: 0 });
  private fuel = new WebAssembly.Global<'i64'>({ value: 'i64', mutable: true }, 0n);
  private readonly stream;

  constructor(private readonly options: ReferenceOptions) {
    const key = Buffer.alloc(32);
    key.set(options.seed);
    this.stream = createCipheriv('chacha20', key, Buffer.alloc(16));
  }

  attach(exports: WebAssembly.Exports): void {
    this.memory = exports.memory as WebAssembly.Memory;
    this.fuel = exports[REFERENCE_FUEL_EXPORT] as WebAssembly.Global<'i64'>;
  }

  fuelUsed(): number {
    return Number(this.fuel.value);
  }

  imports(): WebAssembly.Imports {
    const charged =
      (work: (...parameters: number[]) => number) =>
      (...parameters: number[]): number => {
        this.charge(HOST_COST.call);
        const answer = work(...parameters);
        if (answer !== 0) this.charge(HOST_COST.error);
        return answer;
      };
    return {
      wasi_snapshot_preview1: {
        fd_write: charged((fd, list, count, written) => this.write(fd ?? 0, list ?? 0, count ?? 0, written ?? 0)),
        random_get: charged((pointer, length) => this.random((pointer ?? 0) >>> 0, (length ?? 0) >>> 0)),
        sched_yield: charged(() => 0),
        args_sizes_get: charged((count, size) => this.argumentSizes((count ?? 0) >>> 0, (size ?? 0) >>> 0)),
        proc_exit: charged((exitCode) => {
          throw new Exit((exitCode ?? 0) & 0xff);
        }),
      },
    };
  }

  private charge(fuel: number): void {
    this.fuel.value = BigInt(this.fuelUsed() + fuel);
    if (this.fuelUsed() > this.options.fuelMaximum) throw new WebAssembly.RuntimeError('out of fuel');
  }

  private write(fd: number, list: number, count: number, written: number): number {
    const view = new DataView(this.memory.buffer);
    if (fd !== 1 || count !== 1) throw new Error('generated programs write one buffer to standard output');
    this.charge(HOST_COST.buffer);
    const [start, length] = [view.getUint32(list, true), view.getUint32(list + 4, true)];
    if (start + length > view.byteLength) return FAULT;
    this.charge(length);
    this.written.push(new Uint8Array(this.memory.buffer.slice(start, start + length)));
    view.setUint32(written, length, true);
    return 0;
  }

  private random(pointer: number, length: number): number {
    if (pointer + length > this.memory.buffer.byteLength) return FAULT;
    this.charge(HOST_COST.random + length * HOST_COST.randomByte);
    new Uint8Array(this.memory.buffer).set(this.stream.update(Buffer.alloc(length)), pointer);
    return 0;
  }

  private argumentSizes(count: number, size: number): number {
    const view = new DataView(this.memory.buffer);
    if (Math.max(count, size) + 4 > view.byteLength) return FAULT;
    view.setUint32(count, this.options.args.length, true);
    const bytes = this.options.args.reduce((sum, argument) => sum + Buffer.byteLength(argument) + 1, 0);
    view.setUint32(size, bytes, true);
    return 0;
  }
}
