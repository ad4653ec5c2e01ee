// Random expressions of a wanted type, over locals, globals, memory, calls and all plain operations.
import { i32, i64, uleb } from '../../../runtime/test/support/wasm-builder.js';
import { OPERATIONS, type Operation } from './operations.js';
import type { Random } from './random.js';
import { T, type ValueType } from './value-types.js';

export type FunctionShape = { parameters: ValueType[]; results: ValueType[] };

/** What the code that is made can name. */
export type Scope = {
  random: Random;
  locals: ValueType[];
  globals: ValueType[];
  functions: FunctionShape[];
  /** Results of each label, innermost last; the function's own first. */
  labels: ValueType[][];
  results: ValueType[];
  hasFloat: boolean;
  hasVector: boolean;
};

const BY_RESULT = new Map<string, Operation[]>();

/** Operations that give the type, without floats or vectors where the scope has none. */
function operationsOf(scope: Scope, type: ValueType): Operation[] {
  const key = `${type} ${scope.hasFloat} ${scope.hasVector}`;
  const known = BY_RESULT.get(key);
  if (known !== undefined) return known;
  const allowed = (each: ValueType): boolean =>
    each === T.i32 || each === T.i64 || (each === T.v128 ? scope.hasVector : scope.hasFloat);
  const found = OPERATIONS.filter(
    ({ parameters, result, isMemory }) => result === type && !isMemory && parameters.every(allowed),
  );
  BY_RESULT.set(key, found);
  return found;
}

/** `depth` bounds how far expressions stand inside one another. */
export function randomExpression(scope: Scope, type: ValueType, depth: number): number[] {
  const { random } = scope;
  if (depth <= 0) return leaf(scope, type);
  const kind = random.below(10);
  if (kind < 3) return leaf(scope, type);
  if (kind === 3) return load(scope, type);
  if (kind === 4) {
    const [one, other] = [randomExpression(scope, type, depth - 1), randomExpression(scope, type, depth - 1)];
    const typed = type === T.v128 || random.below(2) === 0;
    return [...one, ...other, ...randomExpression(scope, T.i32, depth - 1), ...(typed ? [0x1c, 1, type] : [0x1b])];
  }
  if (kind === 5) {
    const index = scope.functions.findIndex(
      ({ parameters, results }) => results.length === 1 && results[0] === type && parameters.length < 3,
    );
    const shape = scope.functions[index];
    if (shape === undefined) return leaf(scope, type);
    return [...shape.parameters.flatMap((each) => randomExpression(scope, each, depth - 1)), 0x10, ...uleb(index)];
  }
  const operations = operationsOf(scope, type);
  if (operations.length === 0) return leaf(scope, type);
  const { parameters, code } = random.of(operations);
  const given = parameters.map((each) => randomExpression(scope, each, depth - 1));
  return [...given.flat(), ...safely(code, random.below(50) === 0)];
}

/** Divisors are made odd, except now and then: a division by zero ends the program. */
function safely(code: readonly number[], isDaring: boolean): readonly number[] {
  const [opcode = 0] = code;
  if (isDaring || code.length > 1) return code;
  if (opcode >= 0x6d && opcode <= 0x70) return [...i32(1), 0x72, ...i32(0x7fff), 0x71, ...code];
  if (opcode >= 0x7f && opcode <= 0x82) return [...i64(1n), 0x84, ...i64(0x7fffn), 0x83, ...code];
  // Conversions that trap on NaN and large values: their saturating forms, in the same order.
  const trapping = [0xa8, 0xa9, 0xaa, 0xab, 0xae, 0xaf, 0xb0, 0xb1].indexOf(opcode);
  return trapping < 0 ? code : [0xfc, trapping];
}

/** Nearly always inside of the memory. */
export function address(scope: Scope): number[] {
  const mask = scope.random.below(200) === 0 ? 0xfffff : 0xfff;
  return [...randomExpression(scope, T.i32, 1), ...i32(mask), 0x71];
}

function load(scope: Scope, type: ValueType): number[] {
  const opcodes: Readonly<Record<number, readonly number[]>> = {
    [T.i32]: [0x28, 0],
    [T.i64]: [0x29, 0],
    [T.f32]: [0x2a, 0],
    [T.f64]: [0x2b, 0],
    [T.v128]: [0xfd, 0, 0],
  };
  return [...address(scope), ...(opcodes[type] ?? []), ...uleb(scope.random.below(64))];
}

function leaf(scope: Scope, type: ValueType): number[] {
  const { random, locals, globals } = scope;
  const from = (types: readonly ValueType[]): number[] =>
    types.flatMap((each, index) => (each === type ? [index] : []));
  const gets = [...from(locals).map((index) => [0x20, index]), ...from(globals).map((index) => [0x23, index])];
  return gets.length > 0 && random.below(3) > 0 ? random.of(gets) : constant(scope, type);
}

const FLOATS = [0, -0, 1, -1.5, Number.NaN, Infinity, -Infinity, 1e30, 5e-324, 3.5];

function constant({ random }: Scope, type: ValueType): number[] {
  if (type === T.i32) return i32(random.of([0, 1, -1, 7, 255, random.next() | 0, 0x7fc00001, -2147483648]));
  if (type === T.i64)
    return i64(random.of([0n, 1n, -1n, BigInt(random.next()) << 20n, 0x7ff8000000000123n, -(2n ** 63n)]));
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  if (type === T.f32) view.setFloat32(0, random.of(FLOATS), true);
  else if (type === T.f64) view.setFloat64(0, random.of(FLOATS), true);
  else for (let lane = 0; lane < 4; lane++) view.setFloat32(4 * lane, random.of(FLOATS), true);
  // A NaN with bits of its own, or with a sign.
  if (type === T.f32 && random.below(6) === 0) view.setUint32(0, random.of([0x7fa00001, 0xffc12345, 0xffffffff]), true);
  if (type === T.f64 && random.below(6) === 0)
    view.setBigUint64(0, random.of([0x7ff0000000000001n, 0xfff8000000000042n]), true);
  if (type === T.f32) return [0x43, ...bytes.subarray(0, 4)];
  return type === T.f64 ? [0x44, ...bytes.subarray(0, 8)] : [0xfd, 12, ...bytes];
}
