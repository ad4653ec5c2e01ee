// Programs as trees: what the generator makes, the minimiser cuts down and the emitter turns into modules.

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
export const TYPE_BYTES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** One instruction: `code` is its opcode, with the number behind a prefix; `immediates` are bytes. */
export type Instruction = { code: readonly number[]; immediates: readonly number[] };

export type Expression =
  | { kind: 'operation'; type: ValueType; instruction: Instruction; operands: Expression[] }
  | { kind: 'call'; type: ValueType; callee: number; operands: Expression[] }
  | { kind: 'indirect'; type: ValueType; signature: number; index: Expression; operands: Expression[] }
  | { kind: 'import'; type: 'i32'; name: ImportName; operands: Expression[] }
  | { kind: 'choice'; type: ValueType; condition: Expression; yes: Expression; no: Expression };

export type Statement =
  | { kind: 'operation'; instruction: Instruction; operands: Expression[] }
  | { kind: 'discard'; value: Expression }
  /** Calls a function with any number of results and puts them into locals. */
  | { kind: 'call'; callee: number; operands: Expression[]; into: number[] }
  | { kind: 'exit'; code: Expression }
  /** The body runs `times` times; the counter is a local of its own. */
  | { kind: 'repeat'; counter: number; times: number; body: Statement[] }
  /** The body runs until the condition is zero, perhaps never. */
  | { kind: 'while'; body: Statement[]; condition: Expression }
  /** A loop whose counter and a second value are block parameters, on the stack at the header. */
  | { kind: 'stack-loop'; times: number; carried: Expression; scratch: number; body: Statement[]; into: number }
  | { kind: 'branch'; condition: Expression; yes: Statement[]; no: Statement[] }
  | { kind: 'block'; body: Statement[] }
  | { kind: 'break'; depth: number; condition: Expression }
  | { kind: 'switch'; depths: number[]; index: Expression }
  | { kind: 'return'; condition: Expression; values: Expression[] }
  | { kind: 'trap'; condition: Expression };

export type ImportName = 'fd_write' | 'random_get' | 'sched_yield' | 'args_sizes_get' | 'proc_exit';

export type FunctionTree = {
  parameters: ValueType[];
  results: ValueType[];
  /** Beyond the parameters. */
  locals: ValueType[];
  body: Statement[];
  /** Given back at the end, one for each result. */
  values: Expression[];
};

export type GlobalTree = { type: ValueType; isMutable: boolean; bits: bigint };

export type Program = {
  functions: FunctionTree[];
  globals: GlobalTree[];
  /** Function indices, or null for an empty entry. */
  table: (number | null)[];
  memoryPages: number;
  /** Passive segments for memory.init and data.drop. */
  segments: number[][];
};
