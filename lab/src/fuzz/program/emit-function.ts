// Writes the code of one function: as the guest has it, or as the reference that counts fuel and makes NaN canonical by itself.
import { list, signed, sized, unsigned } from './bytes.js';
import { canonicalise, type Lanes, madeBy, shownBy } from './canonical.js';
import { costOf, ENTRY_COST } from './costs.js';
import {
  type Expression,
  type FunctionTree,
  type ImportName,
  type Program,
  type Statement,
  TYPE_BYTES,
} from './syntax.js';

/** Numbers of things in the module; `reference` is null in the guest. */
export type Layout = {
  importIndex: (name: ImportName) => number;
  /** Added to the number of a function of the program. */
  functionShift: number;
  typeOfFunction: (index: number) => number;
  stackLoopType: number;
  reference: { fuelGlobal: number; fuelMaximum: number } | null;
};

type Region = { cost: number };
/** Bytes, or the place where a region is charged. */
type Piece = readonly number[] | Region;

export function emitFunction(tree: FunctionTree, program: Program, layout: Layout): number[] {
  return new FunctionEmitter(tree, program, layout).emit();
}

class FunctionEmitter {
  private readonly pieces: Piece[] = [];
  private region: Region = { cost: ENTRY_COST };
  private readonly temporaries: Record<Lanes | 'length', number[]>;

  constructor(
    private readonly tree: FunctionTree,
    private readonly program: Program,
    private readonly layout: Layout,
  ) {
    const first = tree.parameters.length + tree.locals.length;
    const [f32, f64, v128, i32] = [0, 1, 2, 3].map((offset) => unsigned(first + offset)) as [
      number[],
      number[],
      number[],
      number[],
    ];
    this.temporaries = { f32, f64, f32x4: v128, f64x2: v128, length: i32 };
  }

  emit(): number[] {
    const { tree, layout } = this;
    this.pieces.push(this.region);
    this.statements(tree.body);
    for (const value of tree.values) this.expression(value);
    this.add([0x0b]);
    const extra = layout.reference === null ? [] : (['f32', 'f64', 'v128', 'i32'] as const);
    const locals = [...tree.locals, ...extra].map((type) => [1, TYPE_BYTES[type]]);
    const code = this.pieces.flatMap((piece) => ('cost' in piece ? this.charge(piece) : piece));
    return sized([...list(locals), ...code]);
  }

  private charge({ cost }: Region): number[] {
    return this.chargeBy([0x42, ...signed(BigInt(cost))]);
  }

  /** Adds the i64 that `amount` computes to the fuel used, and ends the run beyond the limit. */
  private chargeBy(amount: readonly number[]): number[] {
    const { reference } = this.layout;
    if (reference === null) return [];
    const global = unsigned(reference.fuelGlobal);
    const limit = [0x23, ...global, 0x42, ...signed(BigInt(reference.fuelMaximum)), 0x55, 0x04, 0x40, 0x00, 0x0b];
    return [0x23, ...global, ...amount, 0x7c, 0x24, ...global, ...limit];
  }

  private add(code: readonly number[], immediates: readonly number[] = []): void {
    this.region.cost += costOf(code);
    const [major = 0, minor] = code;
    this.pieces.push([major, ...(minor === undefined ? [] : unsigned(minor)), ...immediates]);
  }

  private onlyInReference(bytes: () => readonly number[]): void {
    if (this.layout.reference !== null) this.pieces.push(bytes());
  }

  private canonical(lanes: Lanes | null): void {
    if (lanes !== null) this.onlyInReference(() => canonicalise(lanes, this.temporaries[lanes]));
  }

  private statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    const { kind } = statement;
    if (kind === 'operation')
      this.operation(statement.instruction.code, statement.instruction.immediates, statement.operands);
    else if (kind === 'discard') this.withOperands([statement.value], [0x1a]);
    else if (kind === 'call') this.call(statement);
    else if (kind === 'exit')
      this.withOperands([statement.code], [0x10], unsigned(this.layout.importIndex('proc_exit')));
    else if (kind === 'branch') this.branch(statement);
    else if (kind === 'block') this.block(statement.body);
    else if (kind === 'break') this.withOperands([statement.condition], [0x0d], unsigned(statement.depth));
    else if (kind === 'switch') this.jump(statement);
    else if (kind === 'return' || kind === 'trap') this.leave(statement);
    else this.loop(statement);
  }

  private withOperands(
    operands: readonly Expression[],
    code: readonly number[],
    immediates: readonly number[] = [],
  ): void {
    for (const operand of operands) this.expression(operand);
    this.add(code, immediates);
  }

  private call({ callee, operands, into }: Statement & { kind: 'call' }): void {
    this.withOperands(operands, [0x10], unsigned(callee + this.layout.functionShift));
    for (const local of into.toReversed()) this.add([0x21], unsigned(local));
  }

  private block(body: readonly Statement[]): void {
    this.add([0x02], [0x40]);
    this.statements(body);
    this.add([0x0b]);
  }

  private branch({ condition, yes, no }: Statement & { kind: 'branch' }): void {
    this.expression(condition);
    this.add([0x04], [0x40]);
    this.statements(yes);
    if (no.length > 0) this.add([0x05]);
    this.statements(no);
    this.add([0x0b]);
  }

  /** In a block of its own, whose end is the default. */
  private jump({ depths, index }: Statement & { kind: 'switch' }): void {
    this.add([0x02], [0x40]);
    this.expression(index);
    this.add([0x0e], [...list(depths.map((depth) => unsigned(depth + 1))), 0]);
    this.add([0x0b]);
  }

  private leave(statement: Statement & { kind: 'return' | 'trap' }): void {
    this.expression(statement.condition);
    this.add([0x04], [0x40]);
    if (statement.kind === 'return') for (const value of statement.values) this.expression(value);
    this.add(statement.kind === 'return' ? [0x0f] : [0x00]);
    this.add([0x0b]);
  }

  private loop(statement: Statement & { kind: 'repeat' | 'while' | 'stack-loop' }): void {
    if (statement.kind === 'stack-loop') this.expression(statement.carried);
    if (statement.kind !== 'while') this.add([0x41], signed(BigInt(statement.times)));
    if (statement.kind === 'repeat') this.add([0x21], unsigned(statement.counter));
    this.add([0x03], statement.kind === 'stack-loop' ? signed(BigInt(this.layout.stackLoopType)) : [0x40]);
    const outer = this.region;
    this.region = { cost: 0 };
    this.pieces.push(this.region);
    if (statement.kind === 'stack-loop') this.add([0x21], unsigned(statement.scratch));
    this.statements(statement.body);
    if (statement.kind === 'while') this.expression(statement.condition);
    else this.countDown(statement.kind === 'repeat' ? statement.counter : statement.scratch);
    if (statement.kind === 'stack-loop') this.add([0x20], unsigned(statement.scratch));
    this.add([0x0d], [0]);
    if (statement.kind === 'stack-loop') this.add([0x1a]);
    this.add([0x0b]);
    this.region = outer;
    if (statement.kind === 'stack-loop') this.add([0x21], unsigned(statement.into));
  }

  /** Leaves the new count on the stack. */
  private countDown(local: number): void {
    this.add([0x20], unsigned(local));
    this.add([0x41], [1]);
    this.add([0x6b]);
    this.add([0x22], unsigned(local));
  }

  private expression(expression: Expression): void {
    const { kind } = expression;
    const { functionShift, typeOfFunction, importIndex } = this.layout;
    if (kind === 'operation')
      this.operation(expression.instruction.code, expression.instruction.immediates, expression.operands);
    else if (kind === 'choice') this.choice(expression);
    else if (kind === 'call')
      this.withOperands(expression.operands, [0x10], unsigned(expression.callee + functionShift));
    else if (kind === 'import') this.withOperands(expression.operands, [0x10], unsigned(importIndex(expression.name)));
    else {
      const immediates = [...unsigned(typeOfFunction(expression.signature)), 0];
      this.withOperands([...expression.operands, expression.index], [0x11], immediates);
    }
  }

  private choice({ type, condition, yes, no }: Expression & { kind: 'choice' }): void {
    this.expression(condition);
    this.add([0x04], [TYPE_BYTES[type]]);
    this.expression(yes);
    this.add([0x05]);
    this.expression(no);
    this.add([0x0b]);
  }

  private operation(code: readonly number[], immediates: readonly number[], operands: readonly Expression[]): void {
    for (const operand of operands) this.expression(operand);
    this.canonical(code[0] === 0x24 ? this.kindOfGlobal(immediates) : shownBy(code));
    this.chargeEffect(code);
    this.add(code, immediates);
    this.canonical(madeBy(code));
  }

  private kindOfGlobal([index = 0]: readonly number[]): Lanes | null {
    const type = this.program.globals[index]?.type;
    return type === 'f32' || type === 'f64' ? type : null;
  }

  /** What bulk operations move and memory grows by is charged before it happens. */
  private chargeEffect([major = 0, minor = 0]: readonly number[]): void {
    const { length } = this.temporaries;
    if (major === 0xfc && (minor === 8 || minor === 10 || minor === 11))
      this.onlyInReference(() => [0x22, ...length, ...this.chargeBy([0x20, ...length, 0x41, 3, 0x76, 0xad])]);
    if (major !== 0x40) return;
    const most = [0x41, ...signed(65_536n)];
    const pages = [0x20, ...length, ...most, 0x20, ...length, ...most, 0x49, 0x1b, 0xad, 0x42, ...signed(1024n), 0x7e];
    this.onlyInReference(() => [0x22, ...length, ...this.chargeBy(pages)]);
  }
}
