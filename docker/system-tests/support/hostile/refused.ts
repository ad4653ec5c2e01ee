// Modules that must not be published, each with the code of its refusal and a word that the message must say.
import {
  assemble,
  bytes,
  HEADER,
  type ModuleParts,
  type Part,
  repeat,
  section,
  sized,
  Type,
  text,
  uleb,
} from './assemble.js';
import { br, call, i32, loop, Op } from './code.js';

export type RefusedModule = { name: string; make: () => Uint8Array; code: string; says: RegExp };

const refused: RefusedModule[] = [];
const add = (name: string, code: string, says: RegExp, make: () => Uint8Array): void => {
  refused.push({ name, make, code, says });
};
const parts = (name: string, code: string, says: RegExp, make: () => ModuleParts): void =>
  add(name, code, says, () => assemble(make()));
/** A module whose `_start` begins with an instruction that is not allowed. */
const instruction = (name: string, says: RegExp, ...code: readonly Part[]): void =>
  parts(name, 'MH-MOD-004', says, () => ({ functions: [{ code }], table: 1 }));

const good = (): Uint8Array => assemble({ functions: [{ code: loop(i32(0), 0x0d, 0) }] });

// Broken bytes
add('no bytes', 'MH-MOD-001', /not a WebAssembly module/, () => new Uint8Array());
add('bad magic', 'MH-MOD-001', /not a WebAssembly module/, () => bytes(1, good().subarray(1)));
add('a component', 'MH-MOD-001', /component/, () => bytes(HEADER.subarray(0, 4), 0x0d, 0, 1, 0));
add('text format', 'MH-MOD-001', /text/, () => new TextEncoder().encode('(module)'));
for (const part of [9, 20, 40]) add(`truncated to ${part} bytes`, 'MH-MOD-001', /./, () => good().subarray(0, part));
add('the last byte missing', 'MH-MOD-001', /./, () => good().subarray(0, -1));
add('a byte behind the end', 'MH-MOD-001', /./, () => bytes(good(), 0));
add('a section longer than the file', 'MH-MOD-001', /./, () => bytes(HEADER, 1, 0xff, 0xff, 0xff, 0xff, 0x0f));
add('a number of six bytes', 'MH-MOD-001', /./, () => bytes(HEADER, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0));
add('a number of 33 bits', 'MH-MOD-001', /./, () => bytes(HEADER, 1, 0x81, 0x80, 0x80, 0x80, 0x10, 0));
add('a section twice', 'MH-MOD-001', /repeated|order/, () => bytes(HEADER, section(1, 0), section(1, 0)));
add('sections out of order', 'MH-MOD-001', /repeated|order/, () => bytes(HEADER, section(3, 0), section(1, 0)));
parts('more functions than bodies', 'MH-MOD-001', /./, () => ({ raw: { 3: [2, 0, 0] } }));
parts('a count of four thousand million types', 'MH-MOD-010', /types/, () => ({
  raw: { 1: [0xff, 0xff, 0xff, 0xff, 0x0f] },
}));
parts('a function that takes what is not there', 'MH-MOD-001', /./, () => ({ functions: [{ code: Op.add }] }));
parts('two exports of one name', 'MH-MOD-001', /./, () => ({ moreExports: [['_start', 0, 0]] }));
parts('a data segment for memory 1', 'MH-MOD-001', /memory/, () => ({
  raw: { 11: [1, 2, 1, i32(0), 0x0b, sized(1)] },
}));
parts('a load from memory 1', 'MH-MOD-001', /memory/, () => ({
  functions: [{ code: [i32(0), 0x28, 0x42, 1, 0, Op.drop] }],
}));
parts('a growth of memory 1', 'MH-MOD-001', /memory/, () => ({ functions: [{ code: [i32(0), 0x40, 1, Op.drop] }] }));
parts('an export of an unknown kind', 'MH-MOD-001', /./, () => ({ moreExports: [['x', 7, 0]] }));

// Floods
add('a file above its size', 'MH-MOD-002', /at most/, () =>
  bytes(good(), section(0, text('x'), new Uint8Array(65 * 2 ** 20))),
);
parts('100,000 functions', 'MH-MOD-010', /function/i, () => ({
  raw: { 3: [uleb(100_000), new Uint8Array(100_000)], 10: [uleb(100_000), repeat(100_000, 2, 0, 0x0b)] },
}));
parts('100,000 nested blocks', 'MH-MOD-010', /nest/i, () => ({
  functions: [{ code: [repeat(100_000, 0x02, 0x40), repeat(100_000, 0x0b)] }],
}));
parts('100,000 nested operations', 'MH-MOD-010', /expressionDepth/, () => ({
  functions: [{ code: [i32(0), repeat(100_000, Op.eqz), Op.drop] }],
}));
parts('100,000 operands at once', 'MH-MOD-010', /expressionDepth/, () => ({
  functions: [{ code: [repeat(100_000, i32(1)), repeat(99_999, Op.add), Op.drop] }],
}));
parts('100,000 locals', 'MH-MOD-010', /locals/, () => ({ functions: [{ locals: [[100_000, Type.i64]], code: [] }] }));
parts('locals whose sum overflows', 'MH-MOD-010', /locals/, () => ({
  functions: [
    {
      locals: [
        [0xffff_ffff, Type.i64],
        [0xffff_ffff, Type.i64],
      ],
      code: [],
    },
  ],
}));
parts('50 MB of data', 'MH-MOD-010', /data/i, () => ({
  memory: [1024],
  data: [{ at: 0, bytes: new Uint8Array(50_000_000).fill(1) }],
}));
parts('10,001 types', 'MH-MOD-010', /types/, () => ({ types: Array.from({ length: 10_000 }, () => ({})) }));
parts('1,001 parameters', 'MH-MOD-010', /./, () => ({ types: [{ parameters: Array(1_001).fill(Type.i64) }] }));
parts('1,001 results', 'MH-MOD-010', /./, () => ({ types: [{ results: Array(1_001).fill(Type.i64) }] }));
parts('a branch to a million places', 'MH-MOD-010', /branch/i, () => ({
  functions: [{ code: [i32(0), 0x0e, uleb(1_000_000), new Uint8Array(1_000_001)] }],
}));
parts('a table of ten million', 'MH-MOD-010', /table/i, () => ({ table: 10_000_000 }));
parts('a function of 3 MB', 'MH-MOD-010', /function/i, () => ({ functions: [{ code: repeat(3_000_000, Op.nop) }] }));
parts('a name of 2,000 bytes', 'MH-MOD-010', /name/i, () => ({ moreExports: [['x'.repeat(2_000), 0, 0]] }));
parts('calls inside one another beyond the stack', 'MH-MOD-015', /deep|stack/i, () => ({
  functions: [
    ...Array.from({ length: 1_000 }, (_, number) => ({ locals: [[1_000, Type.i64] as const], code: call(number + 1) })),
    { code: [] },
  ],
}));
parts('memory above the limit', 'MH-MOD-007', /memory/, () => ({ memory: [4_096] }));
parts('memory that is larger than addresses reach', 'MH-MOD-001', /memory/, () => ({ memory: [65_537] }));

// Features
instruction('relaxed SIMD', /relaxed SIMD/, 0xfd, uleb(0x100));
instruction('a tail call', /tail call/, 0x12, 0);
instruction('a tail call through the table', /tail call/, 0x13, 0, 0);
instruction('an atomic operation', /threads/, 0xfe, 0x10, 2, 0);
instruction('a thrown exception', /exception/, 0x08, 0);
instruction('a caught exception', /exception/, 0x1f, 0x40, 0);
instruction('a reference to a function', /reference/, 0xd2, 0, Op.drop);
instruction('a structure', /garbage|reference/, 0xfb, 0, 0, Op.drop);
instruction('table.set', /reference/, i32(0), 0xd0, Type.funcref, 0x26, 0);
instruction('table.get', /table/, i32(0), 0x25, 0, Op.drop);
for (const [name, minor] of [
  ['init', 12],
  ['copy', 14],
  ['grow', 15],
  ['size', 16],
  ['fill', 17],
] as const)
  instruction(`table.${name}`, /table/, 0xfc, minor, 0, 0);
instruction('elem.drop', /table/, 0xfc, 13, 0);
instruction('an unknown instruction', /experimental|not/i, 0xff);
parts('memory64', 'MH-MOD-011', /memory64/, () => ({ raw: { 5: [1, 4, 1] } }));
parts('a shared memory', 'MH-MOD-011', /thread/, () => ({ raw: { 5: [1, 3, 1, 2] } }));
parts('pages of another size', 'MH-MOD-001', /memory/, () => ({ raw: { 5: [1, 8, 1, 0] } }));
parts('a second memory', 'MH-MOD-006', /one memory/, () => ({ raw: { 5: [2, 0, 1, 0, 1] } }));
parts('no memory', 'MH-MOD-006', /memory/, () => ({ raw: { 5: null, 7: [1, text('_start'), 0, 0] } }));
parts('two tables', 'MH-MOD-011', /table/, () => ({ raw: { 4: [2, Type.funcref, 0, 1, Type.funcref, 0, 1] } }));
parts('a table of foreign references', 'MH-MOD-011', /reference/, () => ({ raw: { 4: [1, Type.externref, 0, 1] } }));
parts('a passive element segment', 'MH-MOD-011', /table/, () => ({ table: 1, raw: { 9: [1, 1, 0, 1, 0] } }));
parts('a variable vector global', 'MH-MOD-011', /v128/, () => ({
  globals: [[Type.v128, true, [0xfd, 12, new Uint8Array(16)]]],
}));
parts('a start function that loops', 'MH-MOD-009', /start/, () => ({
  functions: [{ code: loop(br(0)) }],
  raw: { 8: [0] },
}));
parts('a start function that is an import', 'MH-MOD-009', /start/, () => ({
  types: [{ parameters: [Type.i32] }],
  imports: [{ name: 'proc_exit', type: 1 }],
  raw: { 8: [0] },
}));
parts('a tag', 'MH-MOD-008', /exception/, () => ({ raw: { 13: [1, 0, 0] } }));
parts('an unknown section', 'MH-MOD-008', /section/, () => ({ raw: {}, tail: section(14, 0) }));
parts('no entry', 'MH-MOD-005', /_start/, () => ({ exports: {} }));
parts('an entry with a parameter', 'MH-MOD-005', /_start/, () => ({
  types: [{ parameters: [Type.i32] }],
  functions: [{ type: 1, code: [] }],
}));
parts('a step that gives nothing', 'MH-MOD-005', /step/, () => ({ exports: { init: 0, step: 0, finish: 0 } }));

// Imports
const imported = (module: string, name: string, code: string, says: RegExp): void =>
  parts(`imports ${module}.${name}`, code, says, () => ({ imports: [{ module, name, type: 0 }] }));
imported('env', 'system', 'MH-MOD-003', /system/);
imported('wasi_snapshot_preview1', 'sock_open', 'MH-MOD-003', /sock_open/);
imported('wasi_snapshot_preview1', 'thread-spawn', 'MH-MOD-003', /thread-spawn/);
imported('wasi', 'thread-spawn', 'MH-MOD-003', /thread-spawn/);
imported('wasi_unstable', 'fd_write', 'MH-MOD-003', /too old|preview/);
imported('wasi_snapshot_preview1', '', 'MH-MOD-003', /./);
for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then']) {
  imported(name, 'x', 'MH-MOD-003', /imports/);
  imported('wasi_snapshot_preview1', name, 'MH-MOD-003', /imports/);
}
imported('wasi_snapshot_preview1', 'fd_write', 'MH-MOD-012', /fd_write/);
imported('manyhands', 'yield', 'MH-MOD-014', /manyhands/);
imported('asyncify', 'start_unwind', 'MH-MOD-014', /asyncify/);
const importedKind = (name: string, code: string, ...kind: readonly Part[]): void =>
  parts(name, code, /./, () => ({ raw: { 2: [1, text('wasi_snapshot_preview1'), text('fd_write'), ...kind] } }));
importedKind('an imported table', 'MH-MOD-003', 1, Type.funcref, 0, 1);
importedKind('an imported memory', 'MH-MOD-006', 2, 0, 1);
importedKind('an imported global', 'MH-MOD-003', 3, Type.i32, 0);
importedKind('an imported tag', 'MH-MOD-003', 4, 0, 0);

// Names of the instrumentation
for (const name of [
  'asyncify_start_unwind',
  'asyncify_get_state',
  'asyncify',
  '$fuel',
  'manyhands:fuel',
  'manyhands:global:0',
  'manyhands:stack',
])
  parts(`exports ${name}`, 'MH-MOD-014', /reserved|instrument/i, () => ({ moreExports: [[name, 0, 0]] }));

export const REFUSED: readonly RefusedModule[] = refused;
