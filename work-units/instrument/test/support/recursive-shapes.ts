// Modules that call themselves without end, each with another kind of large frame.
import { commandText } from './wat.js';

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n');
const SELF = '(call $f (i32.sub (local.get $n) (i32.const 1)))';
const ADDRESS = '(i32.and (local.get $n) (i32.const 255))';
const recursive = (body: string, extra = ''): string =>
  commandText('(drop (call $f (i32.const 100000000)))', `(func $f (param $n i32) (result i32) ${body})`, extra);

function manyLocals(type: string, bytes: number, count: number): string {
  return recursive(`${times(count, (i) => `(local $l${i} ${type})`)}
    ${times(count, (i) => `(local.set $l${i} (${type}.load offset=${i * bytes} ${ADDRESS}))`)} (drop ${SELF})
    ${times(count, (i) => `(${type}.store offset=${i * bytes} (i32.const 0) (local.get $l${i}))`)} (i32.const 1)`);
}

function manyParameters(type: string, count: number, change: (index: number) => string): string {
  const store = (i: number): string => `(${type}.store offset=${i * 16} (i32.const 0) (local.get $p${i}))`;
  const functions = `(func $g (param $n i32) ${times(count, (i) => `(param $p${i} ${type})`)} (result i32)
      (drop (call $g (i32.sub (local.get $n) (i32.const 1)) ${times(count, change)})) ${times(count, store)} (i32.const 1))`;
  const start = `(drop (call $g (i32.const 1000000000) ${times(count, (i) => `(${type}.load offset=${i * 16} (i32.const 0))`)}))`;
  return commandText(start, functions);
}

/** The same values computed before and after the call. */
function keptValues(count: number): string {
  const compute = (i: number): string =>
    `(i32.store offset=${i * 4} (i32.const 0) (i32.mul (local.get $n) (i32.xor (local.get $n) (i32.const ${i * 77 + 3}))))`;
  return recursive(`${times(count, compute)} (drop ${SELF}) ${times(count, compute)} (i32.const 1)`);
}

export const RECURSIVE_SHAPES: Readonly<Record<string, string>> = {
  small: recursive(`(if (result i32) (local.get $n) (then (i32.add (i32.const 1) ${SELF})) (else (i32.const 0)))`),
  'many locals': manyLocals('i32', 4, 500),
  'many floats': manyLocals('f64', 8, 100),
  'many vectors': manyLocals('v128', 16, 100),
  'many parameters': manyParameters('i64', 60, (i) => `(i64.add (local.get $p${(i + 1) % 60}) (i64.const 1))`),
  'many vector parameters': manyParameters(
    'v128',
    40,
    (i) => `(i64x2.add (local.get $p${(i + 1) % 40}) (local.get $p${i}))`,
  ),
  'many operands': recursive(`${`(i32.add (i32.load ${ADDRESS}) `.repeat(300)} ${SELF} ${')'.repeat(300)}`),
  'many calls': recursive(
    `(if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
     ${times(200, (i) => `(i32.store offset=${i * 4} (i32.const 0) (i32.add (local.get $n) ${SELF}))`)} (i32.const 1)`,
  ),
  'kept values': keptValues(400),
  'a loop': recursive(
    `(local $i i32) (local $s i32) (loop $l (local.set $s (i32.add (local.get $s) ${SELF}))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))) (local.get $s)`,
  ),
  'through the table': recursive(
    '(i32.add (i32.const 1) (call_indirect (type $t) (i32.add (local.get $n) (i32.const 3)) (i32.const 0)))',
    '(type $t (func (param i32) (result i32))) (table 1 funcref) (elem (i32.const 0) $f)',
  ),
};
