// The declarations of a body's locals: read them, and add more behind them.
import { ByteReader } from '../binary/byte-reader.js';
import type { ByteSink } from '../binary/byte-sink.js';
import { encodeU32 } from '../binary/byte-writer.js';

type Run = { count: number; type: number };

export class BodyLocals {
  /** Where the first instruction stands in the body that was read. */
  readonly codeStart: number;
  /** As declared, without parameters and without what was added. */
  readonly declared: readonly Run[];
  readonly #added: number[] = [];
  readonly #firstAdded: number;

  constructor(body: Uint8Array, parameterCount: number) {
    const reader = new ByteReader(body);
    this.declared = reader.list(
      () => ({ count: reader.u32(), type: reader.u8() }),
      () => undefined,
    );
    this.codeStart = reader.position;
    this.#firstAdded = this.declared.reduce((sum, { count }) => sum + count, parameterCount);
  }

  /** A fresh local of a type, as bytes of its index. */
  add(type: number): readonly number[] {
    return encodeU32(this.#firstAdded + this.#added.push(type) - 1);
  }

  writeTo(sink: ByteSink): void {
    const runs = [...this.declared, ...this.#added.map((type) => ({ count: 1, type }))];
    sink.u32(runs.length);
    for (const { count, type } of runs) {
      sink.u32(count);
      sink.byte(type);
    }
  }
}
