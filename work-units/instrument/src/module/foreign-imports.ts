// What modules import beside WASI, by where it comes from: each kind with its own reason and advice.
import { WASI_MODULE } from '../abi/wasi-functions.js';
import { refuse } from '../refusal.js';

type Advice = { why: string; instead: string };
type Rule = Advice & { module: RegExp; name: RegExp };

const ANY = /^/;
const ENV = /^env$/;

export const THREADS: Advice = {
  why: 'the order in which threads run differs from run to run, and so would results',
  instead: 'build without threads (no -pthread, no target wasm32-wasi-threads), and split the work into more units',
};

/** The first that fits counts. */
export const FOREIGN_IMPORTS: readonly Rule[] = [
  {
    module: ENV,
    name: /^abort$/,
    why: 'it reports to JavaScript, which units do not have',
    instead: 'in AssemblyScript build with --use abort= (or use the WASI shim)',
  },
  {
    module: ENV,
    name: /^seed$/,
    why: 'it is randomness of the host, which differs from run to run',
    instead:
      'seed from random_get, which is the same for each copy of a unit, or from an argument (AssemblyScript: --use seed=, or the WASI shim)',
  },
  { module: /^wasi$/, name: /^thread/, ...THREADS },
  { module: ENV, name: /^(_*pthread_|emscripten_(thread|futex)|__wasi_thread)/, ...THREADS },
  {
    module: ENV,
    name: /^(__cxa_|_Unwind_|__wasm_(setjmp|longjmp)|setjmp|longjmp|saveSetjmp|testSetjmp|invoke_|__resumeException|emscripten_longjmp)/,
    why: 'exceptions and long jumps need help of the engine that differs between engines',
    instead: 'build with -fno-exceptions, in Rust with panic=abort, and return error codes where setjmp was used',
  },
  {
    module: ENV,
    name: /^(system|popen|pclose|fork|v?fork|exec[lv]?[pe]*|wait(pid)?|kill|alarm|signal|sigaction)$/,
    why: 'there are no processes, signals or timers inside a unit: what they do depends on the host',
    instead: 'leave the call out, or do the work in the program itself or in another unit',
  },
  {
    module: ENV,
    name: /^(socket|connect|bind|listen|getaddrinfo|gethostby\w+|emscripten_(fetch|websocket)\w*)$/,
    why: 'a unit has no network, whose answers differ between hosts',
    instead: 'give data as input files, and collect output files',
  },
  {
    module: /^(env|a)$/,
    name: /^_?emscripten_/,
    why: 'it is a function of Emscripten’s JavaScript, which units do not have',
    instead: 'compile with clang for wasm32-wasi (Debian’s clang and wasi-libc, or wasi-sdk), not with emcc',
  },
  {
    module: ENV,
    name: ANY,
    why: 'nothing outside of the program may answer it, as answers could differ between hosts; mostly it was missing when the program was linked',
    instead: 'add the library that has the function, or remove the call (check for -Wl,--allow-undefined)',
  },
  {
    module: /^(wasi_unstable|wasi)$/,
    name: ANY,
    why: 'its functions have other types and meanings than those that the host has',
    instead: 'rebuild with a wasi-libc for preview 1 (wasi_snapshot_preview1), as the toolchain is too old',
  },
  {
    module: /^wasi:/,
    name: ANY,
    why: 'interfaces of components and later versions of WASI bring clocks and networks whose answers differ between hosts',
    instead: 'build for the target wasm32-wasip1, not for wasip2 or as a component',
  },
  {
    module: /^(wasix|wasi_ephemeral|wasi_experimental)/,
    name: ANY,
    why: 'extensions of WASI reach sockets, processes and devices, which differ between hosts',
    instead: 'build with a toolchain for plain preview 1 and without extensions',
  },
  {
    module: /^(wbg|__wbindgen\w*|\.\/.*_bg\.js)$/,
    name: ANY,
    why: 'it binds the program to JavaScript, which units do not have',
    instead: 'in Rust build a bin target for wasm32-wasip1 without wasm-bindgen, web-sys and js-sys',
  },
  {
    module: /^(go|gojs)$/,
    name: ANY,
    why: 'it binds the program to JavaScript, which units do not have',
    instead: 'build with TinyGo for the target wasip1, or with GOOS=wasip1, not GOOS=js',
  },
];

const OTHERWISE: Advice = {
  why: 'only the functions of WASI preview 1 exist inside a unit, because only they give the same answers on every host',
  instead: 'compile for wasm32-wasi as a plain command, without bindings to JavaScript or to other systems',
};

export type ForeignImport = { module: string; name: string };

/** Of more than these only the number is told. */
const NAMED_MAXIMUM = 12;

/** Explains the first one and names the others. */
export function refuseForeign([first, ...others]: readonly ForeignImport[]): never {
  if (first === undefined) throw new RangeError('nothing to refuse');
  const { module, name } = first;
  const rule = FOREIGN_IMPORTS.find((each) => each.module.test(module) && each.name.test(name));
  const { why, instead } = rule ?? OTHERWISE;
  const imported = `The module imports "${name}" from "${module}", which is not WASI preview 1 ("${WASI_MODULE}")`;
  return refuse('MH-MOD-003', { reason: 'foreign-import', what: imported + alsoImported(others), why, instead });
}

function alsoImported(others: readonly ForeignImport[]): string {
  if (others.length === 0) return '';
  const named = others.slice(0, NAMED_MAXIMUM).map(({ module, name }) => `"${name}" from "${module}"`);
  const unnamedCount = others.length - named.length;
  return `; and also ${named.join(', ')}${unnamedCount > 0 ? ` and ${unnamedCount} more` : ''}`;
}
