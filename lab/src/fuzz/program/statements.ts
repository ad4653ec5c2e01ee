// Random statements: assignments, stores, bulk memory, loops of every kind, branches, calls and output.
import { unsigned } from './bytes.js';
import { binary, effect, i32 } from './constants.js';
import { ARENA_BYTES, access, address, argumentsOf, randomExpression, type Scope } from './expressions.js';
import { LANE_STORES, STORES } from './operations.js';
import type { Statement, ValueType } from './syntax.js';

/** Beyond what expressions see: the open blocks, and where a function keeps its counters. */
export type Body = Scope & { results: readonly ValueType[]; segmentCount: number };

const ALL: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64', 'v128'];
const EXPRESSION_DEPTH = 3;

/** Some statements; `labels` blocks around them can be left, `room` bounds how deep they nest. */
export function randomStatements(body: Body, room: number, labels: number): Statement[] {
  const count = body.random.between(1, room > 2 ? 5 : 3);
  return Array.from({ length: count }, () => randomStatement(body, room, labels));
}

function randomStatement(body: Body, room: number, labels: number): Statement {
  const { random } = body;
  const roll = random.below(24);
  if (room > 0 && roll < 3) return repeat(body, room, labels);
  if (room > 0 && roll < 4) return whileLoop(body, room, labels);
  if (room > 0 && roll < 5) return stackLoop(body, room);
  if (room > 0 && roll < 7) return branch(body, room, labels);
  if (room > 0 && roll < 8) return { kind: 'block', body: randomStatements(body, room - 1, labels + 1) };
  if (roll < 9) return leave(body, labels);
  if (roll < 10) return bulk(body);
  if (roll < 11) return call(body);
  if (roll < 12) return write(body);
  if (roll < 16) return store(body);
  if (roll < 18) return setGlobal(body) ?? setLocal(body);
  if (roll === 18) return { kind: 'discard', value: randomExpression(body, random.pick(ALL), EXPRESSION_DEPTH) };
  return setLocal(body);
}

function newLocal(body: Body, type: ValueType): number {
  body.locals.push(type);
  return body.locals.length - 1;
}

function repeat(body: Body, room: number, labels: number): Statement {
  const { random } = body;
  const times = random.oneIn(8) ? random.between(50, 400) : random.between(1, 12);
  const inside = randomStatements(body, room - 1, labels + 1);
  // Made after the body: nothing in it can name the counter.
  return { kind: 'repeat', counter: newLocal(body, 'i32'), times, body: inside };
}

function whileLoop(body: Body, room: number, labels: number): Statement {
  const inside = randomStatements(body, room - 1, labels + 1);
  return { kind: 'while', body: inside, condition: unlikely(body) };
}

/** Nothing inside may jump out: the blocks around it expect another stack. */
function stackLoop(body: Body, room: number): Statement {
  const carried = randomExpression(body, 'i64', 2);
  const inside = randomStatements(body, room - 1, 0);
  const scratch = newLocal(body, 'i32');
  const times = body.random.between(1, 9);
  return { kind: 'stack-loop', times, carried, scratch, body: inside, into: newLocal(body, 'i64') };
}

function branch(body: Body, room: number, labels: number): Statement {
  const condition = randomExpression(body, 'i32', 2);
  const yes = randomStatements(body, room - 1, labels + 1);
  const no = body.random.oneIn(2) ? randomStatements(body, room - 1, labels + 1) : [];
  return { kind: 'branch', condition, yes, no };
}

/** A condition that mostly is zero: of five bits all must be set. */
function unlikely(body: Body): Parameters<typeof binary>[1] {
  return binary(0x46, binary(0x71, randomExpression(body, 'i32', 2), i32(31)), i32(body.random.below(32)));
}

function leave(body: Body, labels: number): Statement {
  const { random, results } = body;
  const roll = random.below(40);
  if (roll === 0) return { kind: 'trap', condition: unlikely(body) };
  if (roll === 1) return { kind: 'exit', code: i32(random.below(4)) };
  if (roll < 8) {
    const values = results.map((type) => randomExpression(body, type, 2));
    return { kind: 'return', condition: unlikely(body), values };
  }
  if (labels === 0) return setLocal(body);
  if (roll < 16) {
    const depths = Array.from({ length: random.between(1, 4) }, () => random.below(labels));
    return { kind: 'switch', depths, index: randomExpression(body, 'i32', 2) };
  }
  return { kind: 'break', depth: random.below(labels), condition: unlikely(body) };
}

function store(body: Body): Statement {
  const { random } = body;
  const type = random.pick(ALL);
  const operands = [address(body, 2), randomExpression(body, type, EXPRESSION_DEPTH)];
  if (type === 'v128' && random.oneIn(3)) {
    const [minor, lanes, alignment] = random.pick(LANE_STORES);
    return effect([0xfd, minor], [...access(random, alignment), random.below(lanes)], operands);
  }
  const [code, alignment] = random.pick(STORES[type]);
  return effect(code, access(random, alignment), operands);
}

function setLocal(body: Body): Statement {
  const index = body.random.below(body.locals.length);
  const type = body.locals[index] ?? 'i32';
  return effect([0x21], unsigned(index), [randomExpression(body, type, EXPRESSION_DEPTH)]);
}

function setGlobal(body: Body): Statement | null {
  const { random, globals } = body;
  const changing = globals.flatMap(({ isMutable }, index) => (isMutable ? [index] : []));
  if (changing.length === 0) return null;
  const index = random.pick(changing);
  const type = globals[index]?.type ?? 'i32';
  return effect([0x24], unsigned(index), [randomExpression(body, type, EXPRESSION_DEPTH)]);
}

function bulk(body: Body): Statement {
  const { random, segmentCount } = body;
  const length = random.oneIn(60) ? randomExpression(body, 'i32', 1) : i32(random.below(300));
  const roll = random.below(segmentCount > 0 ? 5 : 2);
  if (roll === 0) return effect([0xfc, 11], [0], [address(body, 1), randomExpression(body, 'i32', 1), length]);
  if (roll === 1) return effect([0xfc, 10], [0, 0], [address(body, 1), address(body, 1), length]);
  const segment = unsigned(random.below(segmentCount));
  if (roll === 2 && random.oneIn(3)) return effect([0xfc, 9], segment, []);
  return effect([0xfc, 8], [...segment, 0], [address(body, 1), i32(random.below(8)), i32(random.below(12))]);
}

function call(body: Body): Statement {
  const { random, callees, signatures } = body;
  if (callees.length === 0) return setLocal(body);
  const callee = random.pick(callees);
  const operands = argumentsOf(body, callee, 2);
  const into = (signatures[callee]?.results ?? []).map((type) => localOf(body, type));
  return { kind: 'call', callee, operands, into };
}

function localOf(body: Body, type: ValueType): number {
  const own = body.locals.flatMap((local, index) => (local === type ? [index] : []));
  return own.length > 0 ? body.random.pick(own) : newLocal(body, type);
}

/** Prints some bytes of the arena: one buffer, described right behind the arena. */
function write(body: Body): Statement {
  const { random } = body;
  const length = random.oneIn(40) ? randomExpression(body, 'i32', 1) : i32(random.below(200));
  return writeOut(address(body, 1), length);
}

/** fd_write of one buffer to standard output. */
export function writeOut(from: Parameters<typeof binary>[1], length: Parameters<typeof binary>[1]): Statement {
  const word = [2, 0];
  const describe: Statement[] = [
    effect([0x36], word, [i32(ARENA_BYTES), from]),
    effect([0x36], word, [i32(ARENA_BYTES + 4), length]),
  ];
  const operands = [i32(1), i32(ARENA_BYTES), i32(1), i32(ARENA_BYTES + 8)];
  const done: Statement = { kind: 'discard', value: { kind: 'import', type: 'i32', name: 'fd_write', operands } };
  return { kind: 'block', body: [...describe, done] };
}
