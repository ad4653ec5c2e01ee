// Makes valid modules from a number: every kind of control flow, memory, globals, calls and data segments, always ending by a budget of their own.
import { i32, i64, list, text, uleb } from '../../../runtime/test/support/wasm-builder.js';
import { Random } from './random.js';
import { address, type FunctionShape, randomExpression, type Scope } from './random-expressions.js';
import { T, type ValueType } from './value-types.js';

export type RandomModule = { command: Uint8Array<ArrayBuffer>; steps: Uint8Array<ArrayBuffer> };
const BUDGET = 300;
/** Global 0 counts down at loops and entries. */
const SPEND = [0x23, 0, ...i32(1), 0x6b, 0x24, 0, 0x23, 0, ...i32(0), 0x4c];
const VOID = 0x40;
/** Data segments: 0 active, 1 and 2 passive. */
const PASSIVE = [1, 2] as const;

/** `hasFloat` false leaves out floats and vectors, so that the plain module has only one possible behaviour. */
export function randomModule(seed: number, hasFloat: boolean): RandomModule {
  const random = new Random(seed);
  const types: ValueType[] = hasFloat ? [T.i32, T.i64, T.f32, T.f64, T.v128] : [T.i32, T.i64];
  const shapes = Array.from({ length: 2 + random.below(5) }, () => ({
    parameters: random.list(4, () => random.of(types)),
    results: random.list(3, () => random.of(types)),
  }));
  shapes[0] = { parameters: [], results: [] };
  const globals: ValueType[] = [T.i32, ...random.list(4, () => random.of(types.filter((type) => type !== T.v128)))];
  const bodies = shapes.map((shape) => functionBody({ random, shapes, shape, globals, types }));
  return { command: assemble(shapes, globals, bodies, 'command'), steps: assemble(shapes, globals, bodies, 'step') };
}

type BodyInput = {
  random: Random;
  shapes: FunctionShape[];
  shape: FunctionShape;
  globals: ValueType[];
  types: ValueType[];
};

function functionBody({ random, shapes, shape, globals, types }: BodyInput): number[] {
  const extra = random.list(6, () => random.of(types));
  const hasFloat = types.length > 2;
  const scope: Scope = {
    random,
    locals: [...shape.parameters, ...extra],
    globals,
    functions: shapes,
    labels: [shape.results],
    results: shape.results,
    hasFloat,
    hasVector: hasFloat && random.below(3) === 0,
  };
  const spend = [...SPEND, 0x04, VOID, ...shape.results.flatMap(zero), 0x0f, 0x0b];
  const code = [
    ...spend,
    ...statements(scope, 3),
    ...shape.results.flatMap((type) => randomExpression(scope, type, 3)),
  ];
  const locals = list(extra.map((type) => [1, type]));
  const body = [...locals, ...code, 0x0b];
  return [...uleb(body.length), ...body];
}

function statements(scope: Scope, depth: number): number[] {
  return Array.from({ length: 1 + scope.random.below(4) }, () => statement(scope, depth)).flat();
}

function statement(scope: Scope, depth: number): number[] {
  const { random } = scope;
  const kinds = [
    set,
    store,
    call,
    ...(depth > 0 ? [block, branchIf, loop, loop, choose, table] : []),
    bulk,
    leave,
    drop,
  ];
  return random.of(kinds)(scope, depth);
}

function set(scope: Scope): number[] {
  const { random, locals, globals } = scope;
  const isLocal = locals.length > 0 && random.below(3) > 0;
  // Global 0 is the budget.
  if (!isLocal && globals.length === 1) return [];
  const index = isLocal ? random.below(locals.length) : 1 + random.below(globals.length - 1);
  const type = (isLocal ? locals : globals)[index] as ValueType;
  return [...randomExpression(scope, type, 3), isLocal ? 0x21 : 0x24, index];
}

function store(scope: Scope): number[] {
  const { random } = scope;
  const stores: [ValueType, number[]][] = [
    [T.i32, [0x36, 0]],
    [T.i64, [0x37, 0]],
    [T.i32, [0x3a, 0]],
    ...(scope.hasFloat
      ? ([
          [T.f32, [0x38, 0]],
          [T.f64, [0x39, 0]],
        ] as [ValueType, number[]][])
      : []),
    ...(scope.hasVector ? ([[T.v128, [0xfd, 11, 0]]] as [ValueType, number[]][]) : []),
  ];
  const [type, opcode] = random.of(stores);
  return [...address(scope), ...randomExpression(scope, type, 3), ...opcode, ...uleb(random.below(64))];
}

function call(scope: Scope): number[] {
  const { random, functions } = scope;
  const index = random.below(functions.length);
  const { parameters, results } = functions[index] as FunctionShape;
  const given = parameters.flatMap((type) => randomExpression(scope, type, 2));
  const target =
    random.below(2) === 0
      ? [0x10, index]
      : // Sometimes a function of another type, or nothing, stands in the table: a trap.
        [...i32(random.below(40) === 0 ? random.below(functions.length + 1) : index), 0x11, ...uleb(index), 0];
  return [...given, ...target, ...results.map(() => 0x1a)];
}

function block(scope: Scope, depth: number): number[] {
  const results =
    scope.random.below(3) === 0 ? [scope.random.of(scope.hasFloat ? [T.i32, T.f64] : [T.i32, T.i64])] : [];
  const inner = statements(inside(scope, results), depth - 1);
  const value = results.flatMap((type) => randomExpression(inside(scope, results), type, 2));
  return [0x02, results[0] ?? VOID, ...inner, ...value, 0x0b, ...results.map(() => 0x1a)];
}

function branchIf(scope: Scope): number[] {
  const { random, labels } = scope;
  const depth = random.below(labels.length);
  const results = labels[labels.length - 1 - depth] as ValueType[];
  const given = results.flatMap((type) => randomExpression(scope, type, 1));
  return [...given, ...randomExpression(scope, T.i32, 2), 0x0d, ...uleb(depth), ...results.map(() => 0x1a)];
}

/** Whoever branches to the header pays again, and is let out when nothing is left. */
function loop(scope: Scope, depth: number): number[] {
  const inner = inside(inside(scope, []), []);
  const body = [...statements(inner, depth - 1), ...randomExpression(inner, T.i32, 1)];
  return [0x02, VOID, 0x03, VOID, ...SPEND, 0x0d, 1, ...body, 0x0d, 0, 0x0b, 0x0b];
}

function choose(scope: Scope, depth: number): number[] {
  const inner = inside(scope, []);
  const otherwise = scope.random.below(2) === 0 ? [0x05, ...statements(inner, depth - 1)] : [];
  return [...randomExpression(scope, T.i32, 2), 0x04, VOID, ...statements(inner, depth - 1), ...otherwise, 0x0b];
}

/** A switch of three cases. */
function table(scope: Scope, depth: number): number[] {
  const innermost = inside(inside(inside(scope, []), []), []);
  const jump = [...randomExpression(innermost, T.i32, 2), 0x0e, 2, 0, 1, 2];
  const cases = [1, 2].map((open) => {
    let around = scope;
    for (let count = open; count < 3; count++) around = inside(around, []);
    return [0x0b, ...statement(around, depth - 1)];
  });
  return [0x02, VOID, 0x02, VOID, 0x02, VOID, ...jump, ...cases.flat(), 0x0b];
}

function bulk(scope: Scope): number[] {
  const { random } = scope;
  const small = (mask: number): number[] => [...randomExpression(scope, T.i32, 1), ...i32(mask), 0x71];
  return random.of([
    () => [...small(0xfff), ...small(0xff), ...small(0x3f), 0xfc, 11, 0],
    () => [...small(0xfff), ...small(0xfff), ...small(0x3f), 0xfc, 10, 0, 0],
    () => [...small(0xfff), ...small(7), ...small(random.below(10) === 0 ? 31 : 3), 0xfc, 8, random.below(3), 0],
    () => [...small(0xfff), ...i32(0), ...i32(0), 0xfc, 8, random.below(3), 0],
    () => (random.below(4) === 0 ? [0xfc, 9, random.of(PASSIVE)] : []),
    () => [...small(1), 0x40, 0, 0x1a],
  ])();
}

/** Leaves early, now and then. */
function leave(scope: Scope): number[] {
  const { random, results } = scope;
  if (random.below(8) > 0) return [];
  const ways = [[...results.flatMap((type) => randomExpression(scope, type, 1)), 0x0f], [0x00]];
  const way = ways[random.below(30) === 0 ? 1 : 0] as number[];
  return [...randomExpression(scope, T.i32, 2), 0x04, VOID, ...way, 0x0b];
}

function drop(scope: Scope): number[] {
  return [...randomExpression(scope, scope.random.of(scope.hasFloat ? [T.i32, T.f32] : [T.i32]), 3), 0x1a];
}

function inside(scope: Scope, results: ValueType[]): Scope {
  return { ...scope, labels: [...scope.labels, results] };
}

function zero(type: ValueType): number[] {
  if (type === T.i32) return i32(0);
  if (type === T.i64) return i64(0n);
  if (type === T.f32) return [0x43, 0, 0, 0, 0];
  return type === T.f64 ? [0x44, 0, 0, 0, 0, 0, 0, 0, 0] : [0xfd, 12, ...Array<number>(16).fill(0)];
}

function assemble(
  shapes: readonly FunctionShape[],
  globals: readonly ValueType[],
  bodies: readonly number[][],
  abi: 'command' | 'step',
): Uint8Array<ArrayBuffer> {
  const count = shapes.length;
  const small = (code: number[]): number[] => [...uleb(code.length + 2), 0, ...code, 0x0b];
  const types = [...shapes, { parameters: [], results: [] }, { parameters: [], results: [T.i32] }];
  const entries =
    abi === 'command'
      ? [['_start', 0] as const]
      : [['init', count] as const, ['step', count + 1] as const, ['finish', count] as const];
  const exports = [
    [...text('memory'), 2, 0],
    ...entries.map(([name, index]) => [...text(name), 0, ...uleb(index)]),
    ...globals.map((_, index) => [...text(`g${index}`), 3, ...uleb(index)]),
  ];
  const sections: [number, number[]][] = [
    [
      1,
      list(
        types.map(({ parameters, results }) => [
          0x60,
          ...list(parameters.map((p) => [p])),
          ...list(results.map((r) => [r])),
        ]),
      ),
    ],
    [3, list([...shapes.map((_, index) => uleb(index)), uleb(count), uleb(count + 1)])],
    [4, [1, 0x70, 0, ...uleb(count + 1)]],
    [5, [1, 1, 1, 3]],
    [6, list(globals.map((type, index) => [type, 1, ...(index === 0 ? i32(BUDGET) : zero(type)), 0x0b]))],
    [7, list(exports)],
    [9, [1, 0, ...i32(0), 0x0b, ...list(shapes.map((_, index) => uleb(index)))]],
    [12, [3]],
    [10, list([...bodies, small([]), small([0x10, 0, ...i32(0)])])],
    [
      11,
      [
        3,
        0,
        ...i32(16),
        0x0b,
        4,
        1,
        2,
        3,
        4,
        1,
        8,
        9,
        8,
        7,
        6,
        5,
        4,
        3,
        2,
        1,
        16,
        ...Array.from({ length: 16 }, (_, i) => i),
      ],
    ],
  ];
  const whole = sections.flatMap(([id, payload]) => [id, ...uleb(payload.length), ...payload]);
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...whole]);
}
