// Every kind of bad behaviour that a legal program can show, with the documented end of each.
import { type Body, type Part, repeat, Type } from './assemble.js';
import { ballast, brIf, call, callIndirect, forever, get, i32, i64, loop, Op, set, store, tee, when } from './code.js';
import { At, exitWithTop, open, wasi, write } from './wasi.js';
import { helper } from './zoo-helpers.js';

export const ZOO_PAGES = 32;
const PAGE_BYTES = 65_536;
const END = ZOO_PAGES * PAGE_BYTES;
/** Ballast of a loop that must end soon. */
const MUCH = 9_000;

/** What is expected of a mode: its documented code (null: success), and the exit code of a program that ended itself. */
type Expected = { code: string | null; exitCode?: number };
export type Mode = { name: string; code: Part; locals: NonNullable<Body['locals']>; expected: Expected };

const fuel: Expected = { code: 'MH-UNIT-008' };
const trap: Expected = { code: 'MH-UNIT-001' };
const depth: Expected = { code: 'MH-UNIT-009' };
const fine: Expected = { code: null };
/** The program reports an error number of WASI as its exit code. */
const errno = (number: number): Expected => ({ code: 'MH-UNIT-002', exitCode: number });

/** Paths in the first page. */
export const NAMES = {
  up: '../../../../etc/passwd',
  root: '/etc/passwd',
  in: 'a',
  sly: 'a/../../b',
  link: '/proc/self/environ',
};
export const nameAt = (name: keyof typeof NAMES): number => At.name + 64 * Object.keys(NAMES).indexOf(name);
const named = (name: keyof typeof NAMES): [number, number] => [nameAt(name), NAMES[name].length];

const growUntilRefused: Part = loop(i32(1), Op.memoryGrow, i32(-1), Op.equal, Op.eqz, brIf(0));
const fillMost: Part = [i32(PAGE_BYTES), i32(7), i32(END - PAGE_BYTES), Op.memoryFill];

function makeModes(): Mode[] {
  const modes: Mode[] = [];
  const mode = (name: string, expected: Expected, ...code: readonly Part[]): void => {
    modes.push({ name, code, expected, locals: [[2, Type.i32]] });
  };
  mode('endless loop of calls', fuel, forever(call(helper('nothing'))));
  mode('endless innermost loop', fuel, forever(ballast(MUCH)));
  mode('endless loop in a loop', fuel, forever(loop(ballast(MUCH))));
  mode('exponential calls without loops', fuel, i32(60), call(helper('tree')));
  mode('bulk fill in a loop', fuel, growUntilRefused, forever(fillMost));
  mode('bulk fill without a loop', fuel, growUntilRefused, repeat(1_700, fillMost));
  mode('bulk copy in a loop', fuel, growUntilRefused, forever(i32(0), i32(1), i32(END - 1), Op.memoryCopy));
  mode('bulk fill far beyond the end, charged before it fails', fuel, i32(1), i32(7), i32(-1), Op.memoryFill);
  mode('bulk fill beyond the end', trap, growUntilRefused, i32(1), i32(7), i32(END), Op.memoryFill);
  mode(
    'growth until it is refused',
    fine,
    growUntilRefused,
    Op.memorySize,
    i32(ZOO_PAGES),
    Op.equal,
    Op.eqz,
    when(Op.unreachable),
  );
  mode('growth at the cap for ever', fuel, growUntilRefused, forever(i32(1), Op.memoryGrow, Op.drop));
  mode('growth by more than there is', fine, i32(-1), Op.memoryGrow, i32(-1), Op.equal, Op.eqz, when(Op.unreachable));
  mode('all memory used', fine, growUntilRefused, fillMost);
  mode('read at the end of memory', trap, growUntilRefused, i32(END - 3), 0x28, 2, 0, Op.drop);
  mode('read behind the end of memory', trap, growUntilRefused, i32(END), Op.load8, Op.drop);
  mode('write at the highest address', trap, i32(-1), i32(1), 0x3a, 0, 0);
  mode('read with an offset that overflows', trap, i32(-1), 0x28, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, Op.drop);
  mode('output without end', { code: 'MH-UNIT-003' }, forever(write(1, 32_768), Op.drop));
  mode('error output without end', fuel, forever(write(2, 32_768), Op.drop, ballast(MUCH)));
  mode(
    'a file without end',
    { code: 'MH-UNIT-004' },
    open(...named('in'), 1),
    Op.drop,
    forever(write(4, 60_000), Op.drop),
  );
  mode(
    'a write far behind the end of a file',
    { code: 'MH-UNIT-004' },
    open(...named('in'), 1),
    Op.drop,
    wasi('fd_seek', i32(4), i64(2n ** 40n), i32(0), i32(At.answer)),
    Op.drop,
    write(4, 8),
    exitWithTop,
  );
  mode(
    'folders without end',
    { code: 'MH-UNIT-004' },
    forever(nextName(), wasi('path_create_directory', i32(3), i32(At.buffer), i32(5)), Op.drop),
  );
  mode(
    'descriptors without end',
    { code: 'MH-UNIT-005' },
    open(...named('in'), 1),
    Op.drop,
    forever(open(...named('in')), Op.drop),
  );
  mode('direct recursion', depth, call(helper('recursion')));
  mode('mutual recursion', depth, call(helper('odd')));
  mode('recursion through the table', depth, call(helper('indirect')));
  mode('recursion with large frames', depth, call(helper('fat')));
  mode('recursion that stops deep', fine, i32(40), call(helper('deep')));
  mode('recursion that stops too deep', depth, i32(1_000_000), call(helper('deep')));
  mode('an empty place of the table', trap, i32(1), callIndirect(0));
  mode('a place outside the table', trap, i32(-1), callIndirect(0));
  mode('a function of another type', trap, i32(0), i32(2), callIndirect(0), Op.drop);
  mode('unreachable', trap, Op.unreachable);
  mode('division by zero', trap, i32(1), i32(0), Op.divide, Op.drop);
  mode('a signal raised', trap, wasi('proc_raise', i32(9)), Op.drop);
  mode('sleep by poll', fine, sleep(), Op.drop);
  mode('sleep by poll for ever', fuel, forever(sleep(), Op.drop, ballast(MUCH)));
  mode(
    'poll with too many subscriptions',
    errno(28),
    wasi('poll_oneoff', i32(0), i32(0), i32(100_000_000), i32(At.answer)),
    exitWithTop,
  );
  mode(
    'an iovec outside memory',
    errno(21),
    store(At.vector, i32(-16)),
    store(At.vector + 4, i32(64)),
    wasi('fd_write', i32(1), i32(At.vector), i32(1), i32(At.answer)),
    exitWithTop,
  );
  mode(
    'a list of iovecs outside memory',
    errno(21),
    wasi('fd_write', i32(1), i32(-4), i32(1), i32(At.answer)),
    exitWithTop,
  );
  mode('too many iovecs', errno(28), wasi('fd_write', i32(1), i32(0), i32(-1), i32(At.answer)), exitWithTop);
  mode(
    'an answer outside memory',
    errno(21),
    store(At.vector, i32(At.buffer)),
    store(At.vector + 4, i32(4)),
    wasi('fd_write', i32(1), i32(At.vector), i32(1), i32(-2)),
    exitWithTop,
  );
  mode('clock and randomness probes', fine, clockProbe());
  mode('randomness without end', fuel, forever(wasi('random_get', i32(At.buffer), i32(4_096)), Op.drop, ballast(MUCH)));
  mode('a path that climbs out', errno(76), open(...named('up')), exitWithTop);
  mode('a path from the root', errno(76), open(...named('root')), exitWithTop);
  mode('a path that climbs out slyly', errno(44), open(...named('sly')), exitWithTop);
  mode(
    'a symbolic link out',
    errno(58),
    wasi('path_symlink', i32(nameAt('link')), i32(NAMES.link.length), i32(3), ...named('in').map(i32)),
    exitWithTop,
  );
  mode('renumbering the root folder', fine, wasi('fd_renumber', i32(3), i32(0)), exitWithTop);
  mode('sockets', errno(58), wasi('sock_accept', i32(3), i32(0), i32(At.answer)), exitWithTop);
  mode('an exit code that was not declared', { code: 'MH-UNIT-002', exitCode: 255 }, i32(-1), exitWithTop);
  mode(
    'every byte of memory changed again and again',
    fuel,
    growUntilRefused,
    forever(fillMost, loop(ballast(MUCH), Op.memorySize, i32(-1), Op.equal, brIf(0))),
  );
  mode('the root folder closed', fine, wasi('fd_close', i32(3)), Op.drop, open(...named('in')), Op.drop);
  return modes;
}

/** Counts local 0 up and writes it as five letters. */
function nextName(): Part {
  const letters = [0, 1, 2, 3, 4].map((place) => [
    [i32(At.buffer + place), get(0), i32(4 * place), 0x75, i32(15), 0x71, i32(97), Op.add],
    [0x3a, 0, 0],
  ]);
  return [get(0), i32(1), Op.add, set(0), letters];
}

/** One relative clock subscription of about 292 years. */
function sleep(): Part {
  return [
    store(At.buffer + 16, i32(1)),
    [i32(At.buffer), i64(2n ** 63n - 1n), 0x37, 3, 24],
    wasi('poll_oneoff', i32(At.buffer), i32(At.buffer + 512), i32(1), i32(At.answer)),
  ];
}

/** Prints both clocks before and after work, and randomness: bytes that must be the same everywhere. */
function clockProbe(): Part {
  const clock = (id: number, at: number): Part => [wasi('clock_time_get', i32(id), i64(1), i32(at)), Op.drop];
  return [
    clock(0, At.buffer),
    clock(1, At.buffer + 8),
    i32(2_000),
    set(0),
    loop(call(helper('nothing')), get(0), i32(1), Op.subtract, tee(0), brIf(0)),
    clock(0, At.buffer + 16),
    clock(1, At.buffer + 24),
    wasi('random_get', i32(At.buffer + 32), i32(64)),
    Op.drop,
    write(1, 96),
    Op.drop,
  ];
}

export const MODES: readonly Mode[] = makeModes();
