// A guest without a module: calls the host's imports directly on a memory of its own.
import { GuestMemory } from '../../src/host/guest-memory.js';
import { createHostState, type HostState } from '../../src/host/host-state.js';
import { Meter } from '../../src/host/meter.js';
import { createImports } from '../../src/imports/index.js';
import { DEFAULT_UNIT_LIMITS, type UnitInput, type UnitLimits } from '../../src/index.js';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Everything allowed: what a C library asks for when it opens a file for reading and writing. */
const ALL_RIGHTS = 0x1fff_ffffn;

export function unitInput(
  changes: Partial<Omit<UnitInput, 'limits'>> & { limits?: Partial<UnitLimits> } = {},
): UnitInput {
  return {
    args: ['program'],
    stdin: new Uint8Array(0),
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    fuelMaximum: 2 ** 40,
    ...changes,
    limits: { ...DEFAULT_UNIT_LIMITS, ...changes.limits },
  };
}

type Call = (...parameters: (number | bigint)[]) => number;

/** Puts values into memory with `put`, calls imports with `call`, reads results back at `RESULT`. */
export class Guest {
  readonly memory: WebAssembly.Memory;
  readonly state: HostState;
  readonly meter: Meter;
  readonly suspension = { isRewinding: false };
  private readonly functions: Record<string, Call>;
  private free = 4096;

  constructor(
    changes: Parameters<typeof unitInput>[0] = {},
    state: HostState = createHostState(unitInput(changes)),
    memoryPages = 4,
  ) {
    this.memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages + 4 });
    this.state = state;
    this.meter = new Meter(changes?.fuelMaximum ?? unitInput().fuelMaximum);
    const memory = new GuestMemory();
    memory.attach(this.memory);
    const context = { state: this.state, memory, meter: this.meter, suspension: this.suspension };
    this.functions = createImports(context).wasi_snapshot_preview1 as Record<string, Call>;
  }

  get names(): string[] {
    return Object.keys(this.functions).sort();
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  call(name: string, ...parameters: (number | bigint)[]): number {
    const implementation = this.functions[name];
    if (implementation === undefined) throw new Error(`no import ${name}`);
    return implementation(...parameters);
  }

  /** Address of a fresh place that holds the bytes. */
  put(bytes: Uint8Array): number {
    const address = this.free;
    new Uint8Array(this.memory.buffer).set(bytes, address);
    this.free += (bytes.length + 15) & ~7;
    return address;
  }

  take(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer).slice(address, address + length);
  }

  /** Address of a list of buffers. */
  buffers(...buffers: { address: number; length: number }[]): number {
    const list = this.put(new Uint8Array(buffers.length * 8));
    for (const [index, { address, length }] of buffers.entries()) {
      this.view.setUint32(list + index * 8, address, true);
      this.view.setUint32(list + index * 8 + 4, length, true);
    }
    return list;
  }

  /** Pointer and length of a path, to be spread into a call. */
  path(path: string): [number, number] {
    const bytes = bytesOf(path);
    return [this.put(bytes), bytes.length];
  }

  open(path: string, options: { oflags?: number; rights?: bigint; flags?: number; at?: number } = {}): number {
    const { oflags = 0, rights = ALL_RIGHTS, flags = 0, at = 3 } = options;
    const result = this.put(new Uint8Array(4));
    const errno = this.call('path_open', at, 0, ...this.path(path), oflags, rights, rights, flags, result);
    return errno === 0 ? this.view.getUint32(result, true) : -errno;
  }

  write(fd: number, content: string | Uint8Array): number {
    const bytes = typeof content === 'string' ? bytesOf(content) : content;
    const list = this.buffers({ address: this.put(bytes), length: bytes.length });
    const result = this.put(new Uint8Array(4));
    const errno = this.call('fd_write', fd, list, 1, result);
    return errno === 0 ? this.view.getUint32(result, true) : -errno;
  }

  /** The text that was read, or the error number. */
  read(fd: number, length: number): string | number {
    const address = this.put(new Uint8Array(length));
    const result = this.put(new Uint8Array(4));
    const errno = this.call('fd_read', fd, this.buffers({ address, length }), 1, result);
    return errno === 0 ? textOf(this.take(address, this.view.getUint32(result, true))) : errno;
  }

  seek(fd: number, offset: bigint, whence: number): bigint | number {
    const result = this.put(new Uint8Array(8));
    const errno = this.call('fd_seek', fd, offset, whence, result);
    return errno === 0 ? this.view.getBigUint64(result, true) : errno;
  }

  /** One call's worth of a folder's entries. */
  list(fd: number, cookie = 0n, length = 4096): { name: string; next: bigint; inode: bigint; type: number }[] {
    const address = this.put(new Uint8Array(length));
    const result = this.put(new Uint8Array(4));
    const errno = this.call('fd_readdir', fd, address, length, cookie, result);
    if (errno !== 0) throw new Error(`fd_readdir gave ${errno}`);
    const end = address + this.view.getUint32(result, true);
    const entries = [];
    for (let at = address; at + 24 <= end; ) {
      const nameLength = this.view.getUint32(at + 16, true);
      if (at + 24 + nameLength > end) break;
      entries.push({
        name: textOf(this.take(at + 24, nameLength)),
        next: this.view.getBigUint64(at, true),
        inode: this.view.getBigUint64(at + 8, true),
        type: this.view.getUint8(at + 20),
      });
      at += 24 + nameLength;
    }
    return entries;
  }
}
