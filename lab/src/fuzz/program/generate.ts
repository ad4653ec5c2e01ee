// Makes a whole program of a seed. Whether it ends by itself does not matter: its unit has a fuel limit.

import { unsigned } from './bytes.js';
import { effect, i32, randomBits } from './constants.js';
import { MEMORY_PAGES_MAXIMUM } from './emit-module.js';
import { ARENA_BYTES, randomExpression, SCALARS, type Scope, type Signature, variable } from './expressions.js';
import { STORES } from './operations.js';
import { Random } from './random.js';
import { type Body, randomStatements, writeOut } from './statements.js';
import type { Expression, FunctionTree, GlobalTree, Program, Statement, ValueType } from './syntax.js';

const RESULTS: readonly ValueType[][] = [
  [],
  ['i32'],
  ['i64'],
  ['f32'],
  ['f64'],
  ['v128'],
  ['i32', 'f64'],
  ['f32', 'i64', 'i32'],
];
const LOCALS: readonly ValueType[] = ['i32', 'i32', 'i64', 'f32', 'f64', 'v128'];

/** The same seed always gives the same program. */
export function generateProgram(seed: number): Program {
  const random = new Random(seed);
  const signatures = randomSignatures(random);
  const globals = randomGlobals(random);
  const table = randomTable(random, signatures.length);
  const segments = Array.from({ length: random.below(3) }, () => Array.from({ length: 12 }, () => random.below(256)));
  const shared = { random, signatures, globals, tableSize: table.length, segmentCount: segments.length };
  const functions = signatures.map((signature, index) => randomFunction({ ...shared, signature, index }));
  return { functions, globals, table, memoryPages: random.between(1, MEMORY_PAGES_MAXIMUM), segments };
}

/** The first is the entry. */
function randomSignatures(random: Random): Signature[] {
  const others = Array.from({ length: random.between(1, 5) }, () => ({
    parameters: Array.from({ length: random.below(4) }, () => random.pick(LOCALS)),
    results: [...random.pick(RESULTS)],
  }));
  return [{ parameters: [], results: [] }, ...others];
}

function randomGlobals(random: Random): GlobalTree[] {
  const scalars = Array.from({ length: random.between(1, 6) }, () => {
    const type = random.pick(SCALARS);
    return { type, isMutable: !random.oneIn(5), bits: randomBits(random, type) };
  });
  // Mutable globals of 128 bits are refused, constant ones are not.
  return random.oneIn(3) ? [...scalars, { type: 'v128', isMutable: false, bits: randomBits(random, 'v128') }] : scalars;
}

/** Every function at its own index, then some at random and an empty entry. */
function randomTable(random: Random, functionCount: number): (number | null)[] {
  const own = Array.from({ length: functionCount }, (_, index) => index);
  return [...own, random.below(functionCount), null, random.below(functionCount)];
}

type Making = Omit<Scope, 'locals' | 'callees'> & { segmentCount: number; signature: Signature; index: number };

function randomFunction({ signature, index, ...shared }: Making): FunctionTree {
  const { random, signatures } = shared;
  const { parameters, results } = signature;
  const locals = [...parameters, ...LOCALS];
  const callees = signatures.map((_, other) => other).filter((other) => other > index);
  const body: Body = { ...shared, locals, callees, results };
  const statements = randomStatements(body, index === 0 ? 3 : 2, 0);
  if (index > 0 && parameters[0] === 'i32' && random.oneIn(2)) statements.unshift(recursion(body, index));
  if (index === 0 && !random.oneIn(3)) statements.splice(0, statements.length, around(body, statements));
  if (index === 0) statements.push(...report(shared.globals));
  const values = results.map((type) => randomExpression(body, type, 2));
  return { parameters, results, locals: locals.slice(parameters.length), body: statements, values };
}

/** The whole entry some more times, so that loops and calls are met in many states. */
function around(body: Body, statements: Statement[]): Statement {
  body.locals.push('i32');
  const times = body.random.between(2, 30);
  return { kind: 'repeat', counter: body.locals.length - 1, times, body: [...statements] };
}

/** Calls itself with a smaller first argument until that is zero; the first argument is of any size. */
function recursion(body: Body, index: number): Statement {
  const { random, signatures } = body;
  const first = variable(0x20, 'i32', 0);
  const mask = i32(random.pick([3, 7, 31, 31, 255, 65_535, -1]));
  const bounded: Expression = {
    kind: 'operation',
    type: 'i32',
    instruction: { code: [0x71], immediates: [] },
    operands: [first, mask],
  };
  const less: Expression = {
    kind: 'operation',
    type: 'i32',
    instruction: { code: [0x6b], immediates: [] },
    operands: [bounded, i32(1)],
  };
  const { parameters = [], results = [] } = signatures[index] ?? {};
  const operands = [less, ...parameters.slice(1).map((type) => randomExpression(body, type, 1))];
  const into = results.map((type) => {
    body.locals.push(type);
    return body.locals.length - 1;
  });
  return { kind: 'branch', condition: bounded, yes: [{ kind: 'call', callee: index, operands, into }], no: [] };
}

/** The end of the entry: all globals into the arena, then the arena to standard output. */
function report(globals: readonly GlobalTree[]): Statement[] {
  const stores = globals.map(({ type }, index) => {
    const [code] = STORES[type][0] ?? [[0x36]];
    return effect(code, [0, ...unsigned(0)], [i32(16 * index), variable(0x23, type, index)]);
  });
  return [...stores, writeOut(i32(0), i32(ARENA_BYTES))];
}
