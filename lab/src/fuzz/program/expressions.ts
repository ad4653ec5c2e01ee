// Random expressions of a given type.
import { unsigned } from './bytes.js';
import { binary, constant, i32, randomBits } from './constants.js';
import { LANE_LOADS, LANE_OPERATIONS, LOADS, OPERATIONS_BY_TYPE } from './operations.js';
import type { Random } from './random.js';
import type { Expression, GlobalTree, ValueType } from './syntax.js';

export const SCALARS: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64'];
/** Addresses stay below this most of the time; the end of the program prints it all. */
export const ARENA_BYTES = 4096;
/** Tells integer divisions and checked truncations, which may trap. */
const isTrapping = (code: number): boolean =>
  (code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82) || (code >= 0xa8 && code <= 0xb1 && code !== 0xac);

export type Signature = { parameters: ValueType[]; results: ValueType[] };
/** What an expression may refer to. */
export type Scope = {
  random: Random;
  /** Types of parameters and locals. */
  locals: ValueType[];
  globals: readonly GlobalTree[];
  signatures: readonly Signature[];
  /** Functions that may be called directly: those behind the own one, so that calls end. */
  callees: readonly number[];
  tableSize: number;
};

export function randomExpression(scope: Scope, type: ValueType, depth: number): Expression {
  const { random } = scope;
  if (depth <= 0) return leaf(scope, type);
  const roll = random.below(20);
  if (roll < 3) return leaf(scope, type);
  if (roll < 5) return load(scope, type, depth);
  if (roll < 7) return call(scope, type, depth) ?? operation(scope, type, depth);
  if (roll < 8) return choice(scope, type, depth);
  if (roll < 10) return lane(scope, type, depth) ?? operation(scope, type, depth);
  if (roll < 11 && type === 'i32') return special(scope, depth);
  return operation(scope, type, depth);
}

function leaf({ random, locals, globals }: Scope, type: ValueType): Expression {
  const own = locals.flatMap((local, index) => (local === type ? [index] : []));
  if (own.length > 0 && !random.oneIn(3)) return variable(0x20, type, random.pick(own));
  const shared = globals.flatMap((global, index) => (global.type === type ? [index] : []));
  if (shared.length > 0 && random.oneIn(2)) return variable(0x23, type, random.pick(shared));
  return constant(type, randomBits(random, type));
}

export function variable(code: number, type: ValueType, index: number): Expression {
  return { kind: 'operation', type, instruction: { code: [code], immediates: unsigned(index) }, operands: [] };
}

function operation(scope: Scope, type: ValueType, depth: number): Expression {
  const { random } = scope;
  const { code, takes } = random.pick(OPERATIONS_BY_TYPE[type]);
  const operands = takes.map((taken) => randomExpression(scope, taken, depth - 1));
  const isShuffle = code[0] === 0xfd && code[1] === 13;
  const made: Expression = { kind: 'operation', type, instruction: { code, immediates: [] }, operands };
  if (isShuffle || !isTrapping(code[0] ?? 0) || random.oneIn(60)) return made;
  return { ...made, operands: operands.map((operand, index) => tame(operand, index)) };
}

/** Makes most divisors odd and most truncated numbers small, so that programs get further than the first trap. */
function tame(operand: Expression, index: number): Expression {
  const { type } = operand;
  if (type === 'i32' && index === 1) return binary(0x72, binary(0x71, operand, i32(0xffff)), i32(1));
  if (type === 'i64' && index === 1) {
    const masked = pair(0x83, operand, constant('i64', 0xffffn));
    return pair(0x84, masked, constant('i64', 1n));
  }
  if (type !== 'f32' && type !== 'f64') return operand;
  const [saturate, convert] = type === 'f32' ? ([0, 0xb2] as const) : ([2, 0xb7] as const);
  const whole: Expression = {
    kind: 'operation',
    type: 'i32',
    instruction: { code: [0xfc, saturate], immediates: [] },
    operands: [operand],
  };
  const small = binary(0x71, whole, i32(0xffff));
  return { kind: 'operation', type, instruction: { code: [convert], immediates: [] }, operands: [small] };
}

function pair(code: number, left: Expression, right: Expression): Expression {
  return { kind: 'operation', type: left.type, instruction: { code: [code], immediates: [] }, operands: [left, right] };
}

/** An address within the arena, or now and then anywhere. */
export function address(scope: Scope, depth: number): Expression {
  const { random } = scope;
  const any = randomExpression(scope, 'i32', depth);
  return random.oneIn(150) ? any : binary(0x71, any, i32(ARENA_BYTES - 64));
}

/** Immediates of an access: alignment and offset. */
export function access(random: Random, alignment: number): number[] {
  const offset = random.oneIn(200) ? random.u32() : random.oneIn(3) ? random.below(48) : 0;
  return [...unsigned(random.below(alignment + 1)), ...unsigned(offset)];
}

function load(scope: Scope, type: ValueType, depth: number): Expression {
  const { random } = scope;
  if (type === 'v128' && random.oneIn(4)) {
    const [minor, lanes, alignment] = random.pick(LANE_LOADS);
    const immediates = [...access(random, alignment), random.below(lanes)];
    const operands = [address(scope, depth - 1), randomExpression(scope, 'v128', depth - 1)];
    return { kind: 'operation', type, instruction: { code: [0xfd, minor], immediates }, operands };
  }
  const [code, alignment] = random.pick(LOADS[type]);
  const instruction = { code, immediates: access(random, alignment) };
  return { kind: 'operation', type, instruction, operands: [address(scope, depth - 1)] };
}

function call(scope: Scope, type: ValueType, depth: number): Expression | null {
  const { random, callees, signatures, tableSize } = scope;
  const isFitting = (index: number): boolean => {
    const results = signatures[index]?.results ?? [];
    return results.length === 1 && results[0] === type;
  };
  const direct = callees.filter(isFitting);
  const fitting = signatures.flatMap((_, index) => (isFitting(index) ? [index] : []));
  const callee = direct.length > 0 && random.oneIn(2) ? random.pick(direct) : null;
  const target = callee ?? (fitting.length > 0 ? random.pick(fitting) : null);
  if (target === null) return null;
  const operands = argumentsOf(scope, target, depth - 1);
  if (callee !== null) return { kind: 'call', type, callee, operands };
  // Most indices lead to the function itself (the table starts with all of them), some anywhere or nowhere.
  const index = random.oneIn(6) ? binary(0x70, randomExpression(scope, 'i32', depth - 1), i32(tableSize)) : i32(target);
  return callees.includes(target) || random.oneIn(25)
    ? { kind: 'indirect', type, signature: target, index, operands }
    : null;
}

export function argumentsOf(scope: Scope, callee: number, depth: number): Expression[] {
  return (scope.signatures[callee]?.parameters ?? []).map((type) => randomExpression(scope, type, depth));
}

function choice(scope: Scope, type: ValueType, depth: number): Expression {
  const condition = randomExpression(scope, 'i32', depth - 1);
  const yes = randomExpression(scope, type, depth - 1);
  return { kind: 'choice', type, condition, yes, no: randomExpression(scope, type, depth - 1) };
}

function lane(scope: Scope, type: ValueType, depth: number): Expression | null {
  const { random } = scope;
  if (type === 'v128' && random.oneIn(4)) {
    const immediates = Array.from({ length: 16 }, () => random.below(32));
    const operands = [randomExpression(scope, 'v128', depth - 1), randomExpression(scope, 'v128', depth - 1)];
    return { kind: 'operation', type, instruction: { code: [0xfd, 13], immediates }, operands };
  }
  const { code, lanes, takes } = random.pick(LANE_OPERATIONS.filter(({ gives }) => gives === type));
  const operands = takes.map((taken) => randomExpression(scope, taken, depth - 1));
  return { kind: 'operation', type, instruction: { code, immediates: [random.below(lanes)] }, operands };
}

/** Size and growth of memory, and calls of the host. */
function special(scope: Scope, depth: number): Expression {
  const { random } = scope;
  const roll = random.below(6);
  if (roll < 2) return { kind: 'operation', type: 'i32', instruction: { code: [0x3f], immediates: [0] }, operands: [] };
  if (roll < 4) {
    const pages = random.oneIn(4) ? randomExpression(scope, 'i32', depth - 1) : i32(random.below(4));
    return { kind: 'operation', type: 'i32', instruction: { code: [0x40], immediates: [0] }, operands: [pages] };
  }
  if (roll === 4) return { kind: 'import', type: 'i32', name: 'sched_yield', operands: [] };
  const operands = [address(scope, depth - 1), i32(random.below(100))];
  return { kind: 'import', type: 'i32', name: 'random_get', operands };
}
