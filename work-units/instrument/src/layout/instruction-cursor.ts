// Steps through the instructions of a body that was checked before, giving the few immediates that the rewriting needs.
import { ByteReader } from '../binary/byte-reader.js';
import { type Immediate, MISCELLANEOUS_OPCODES, Opcode, PLAIN_OPCODES, VECTOR_OPCODES } from '../module/opcodes.js';

/** The bit of an alignment that says that a memory is named. */
const NAMES_MEMORY = 64;

export class InstructionCursor {
  /** The instruction: its first byte, or the prefix. */
  opcode = 0;
  /** The number behind a prefix, otherwise 0. */
  minor = 0;
  /** Where it stands: from `start` up to `end`. */
  start = 0;
  end = 0;
  /** Label, function, type, local, global or segment that it names first; the type of a block as a signed number. */
  index = 0;
  /** The memory that a load or store names. */
  memory = 0;
  /** What a load or store adds to its address. */
  offset = 0;
  readonly #reader: ByteReader;

  constructor(body: Uint8Array, position: number) {
    this.#reader = new ByteReader(body);
    this.#reader.position = position;
  }

  /** Goes on to the next instruction; false at the end of the body. */
  next(): boolean {
    const reader = this.#reader;
    if (reader.isAtEnd) return false;
    this.start = reader.position;
    this.opcode = reader.u8();
    this.minor = 0;
    this.index = 0;
    this.memory = 0;
    this.offset = 0;
    this.#readImmediate(this.#immediateKind());
    this.end = reader.position;
    return true;
  }

  /** Everything behind the opcode, the number behind a prefix included. */
  immediates(): Uint8Array {
    return this.#reader.bytes.subarray(this.start + 1, this.end);
  }

  #immediateKind(): Immediate {
    const { opcode } = this;
    if (opcode !== Opcode.miscellaneous && opcode !== Opcode.vector) return PLAIN_OPCODES[opcode]?.immediate ?? 'none';
    this.minor = this.#reader.u32();
    return (opcode === Opcode.vector ? VECTOR_OPCODES : MISCELLANEOUS_OPCODES)[this.minor]?.immediate ?? 'none';
  }

  #readImmediate(kind: Immediate): void {
    const reader = this.#reader;
    switch (kind) {
      case 'none':
        return;
      case 'block':
        this.index = reader.s33();
        return;
      case 'label':
      case 'function':
      case 'local':
      case 'global':
      case 'data':
        this.index = reader.u32();
        return;
      case 'labels':
        for (let rest = reader.u32(); rest >= 0; rest--) reader.u32();
        return;
      case 'indirect':
        this.index = reader.u32();
        reader.u32();
        return;
      case 'data-and-memory':
        this.index = reader.u32();
        reader.u8();
        return;
      case 'address':
        this.#readAddress();
        return;
      case 'address-and-lane':
        this.#readAddress();
        reader.u8();
        return;
      case 'types':
        reader.take(reader.u32());
        return;
      case 'i32':
        reader.skipSigned(32);
        return;
      case 'i64':
        reader.skipSigned(64);
        return;
      case 'memory':
      case 'lane':
        reader.u8();
        return;
      case 'two-memories':
        reader.take(2);
        return;
      case 'bytes4':
        reader.take(4);
        return;
      case 'bytes8':
        reader.take(8);
        return;
      case 'bytes16':
        reader.take(16);
    }
  }

  #readAddress(): void {
    const reader = this.#reader;
    if (reader.u32() >= NAMES_MEMORY) this.memory = reader.u32();
    this.offset = reader.u32();
  }
}
