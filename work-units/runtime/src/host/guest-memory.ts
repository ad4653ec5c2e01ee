// The only access to the guest's memory: every address and length is checked, a bad one ends the call with EFAULT.
import { Errno } from '../abi/errno.js';
import { fail } from '../state/signals.js';

const EMPTY = new DataView(new ArrayBuffer(0));

/** Reads and writes at addresses that the guest gives. Addresses may arrive as signed numbers. */
export class GuestMemory {
  private memory: WebAssembly.Memory | null = null;
  private cachedView = EMPTY;

  /** Must be called before the first import that touches memory; until then every address is bad. */
  attach(memory: WebAssembly.Memory): void {
    this.memory = memory;
  }

  /** Growth detaches the old buffer, therefore the view is compared on each use. */
  private get view(): DataView {
    if (this.memory !== null && this.cachedView.buffer !== this.memory.buffer)
      this.cachedView = new DataView(this.memory.buffer);
    return this.cachedView;
  }

  /** The address as an unsigned number, when `length` bytes from there are inside the memory. */
  at(pointer: number, length: number): number {
    const address = pointer >>> 0;
    if (address + length > this.view.byteLength) fail(Errno.badAddress);
    return address;
  }

  /** A window onto guest memory, valid until the guest runs on. */
  bytes(pointer: number, length: number): Uint8Array {
    const unsignedLength = length >>> 0;
    const address = this.at(pointer, unsignedLength);
    return new Uint8Array(this.view.buffer, address, unsignedLength);
  }

  u8(pointer: number): number {
    return this.view.getUint8(this.at(pointer, 1));
  }

  u16(pointer: number): number {
    return this.view.getUint16(this.at(pointer, 2), true);
  }

  u32(pointer: number): number {
    return this.view.getUint32(this.at(pointer, 4), true);
  }

  u64(pointer: number): bigint {
    return this.view.getBigUint64(this.at(pointer, 8), true);
  }

  setU8(pointer: number, value: number): void {
    this.view.setUint8(this.at(pointer, 1), value);
  }

  setU16(pointer: number, value: number): void {
    this.view.setUint16(this.at(pointer, 2), value, true);
  }

  setU32(pointer: number, value: number): void {
    this.view.setUint32(this.at(pointer, 4), value, true);
  }

  setU64(pointer: number, value: bigint): void {
    this.view.setBigUint64(this.at(pointer, 8), value, true);
  }

  /** Zeroes a structure before its fields are set, so that padding never shows old bytes. */
  clear(pointer: number, length: number): void {
    this.bytes(pointer, length).fill(0);
  }
}
