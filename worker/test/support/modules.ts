// Small WASI programs for tests, from WebAssembly text.
import binaryen from 'binaryen';

/** Assembles a module. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

const WRITE = '(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))';
const EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))';

/** Writes «hello» and a line end to standard output. */
export const HELLO = `(module ${WRITE}
  (memory (export "memory") 1 1)
  (data (i32.const 16) "hello\\n")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 6))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`;

export const ENDLESS = '(module (memory (export "memory") 1 1) (func (export "_start") (loop $l (br $l))))';

/** Copies one byte of standard input to standard output, unless it is an «x»: then an innermost loop never ends. */
export const ENDLESS_FOR_X = `(module ${WRITE}
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 1))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (i32.eq (i32.load8_u (i32.const 16)) (i32.const 120)) (then (loop $l (br $l))))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`;

/** A loop that calls: every build yields in it. */
export const ENDLESS_CALLS = `(module (memory (export "memory") 1 1)
  (func $nothing) (func (export "_start") (loop $l (call $nothing) (br $l))))`;

/** An innermost loop that burns much fuel in little time: constants that are dropped cost fuel, but no machine code. */
export const ENDLESS_LEAF = `(module (memory (export "memory") 1 1)
  (func (export "_start") (loop $l ${'(drop (i32.const 1))'.repeat(2000)} (br $l))))`;

/** Ends, but only after an innermost loop that burns more than any slack. */
export const LONG_LEAF = `(module (memory (export "memory") 1 1)
  (func (export "_start") (local $round i32)
    (loop $l ${'(drop (i32.const 1))'.repeat(2000)}
      (br_if $l (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 4000000))))))`;

/** Writes a mebibyte again and again, for ever. */
export const OUTPUT_BOMB = `(module ${WRITE}
  (memory (export "memory") 32 32)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 1048576))
    (loop $l
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $l))))`;

/** Writes a mebibyte again and again to a file, for ever. */
export const FILE_BOMB = `(module ${WRITE}
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 32 32)
  (data (i32.const 16) "large")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 5) (i32.const 1)
      (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 12)))
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 1048576))
    (loop $l
      (br_if $l (i32.eqz (call $fd_write (i32.load (i32.const 12)) (i32.const 0) (i32.const 1) (i32.const 8)))))
    (unreachable)))`;

/** Grows its memory as far as it can, touches every page, and traps when a growth is refused. */
export const memoryBomb = (maximumPages: number): string => `(module
  (memory (export "memory") 1 ${maximumPages})
  (func (export "_start")
    (loop $l
      (if (i32.lt_s (memory.grow (i32.const 16)) (i32.const 0)) (then (unreachable)))
      (memory.fill (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1048576)) (i32.const 7) (i32.const 1048576))
      (br $l))))`;

/** Calls itself without end. */
export const RECURSION = `(module (memory (export "memory") 1 1)
  (func $f (param i32) (result i32) (i32.add (call $f (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "_start") (drop (call $f (i32.const 0)))))`;

export const exiting = (code: number): string =>
  `(module ${EXIT} (memory (export "memory") 1 1) (func (export "_start") (call $proc_exit (i32.const ${code}))))`;

/** Copies standard input to standard output, after so many rounds of nothing. */
export const catAfter = (rounds: number): string => `(module ${WRITE}
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2 2)
  (func (export "_start") (local $round i32)
    (loop $wait
      (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))
      (br_if $wait (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const ${rounds}))))
    (loop $l
      (i32.store (i32.const 0) (i32.const 1024))
      (i32.store (i32.const 4) (i32.const 65536))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (i32.load (i32.const 8)) (then
        (i32.store (i32.const 4) (i32.load (i32.const 8)))
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
        (br $l))))))`;

export const CAT = catAfter(1);

/**
 * Works for so many rounds of ten thousand steps each, keeping its state in
 * memory, in a table of a mebibyte and in globals, and writes four bytes that depend on every step.
 */
export const workFor = (rounds: number): string => `(module ${WRITE}
  (memory (export "memory") 32 32)
  (global $sum (mut i64) (i64.const 1))
  (func $mix (param $value i32) (result i32)
    (global.set $sum (i64.add (i64.mul (global.get $sum) (i64.const 6364136223846793005)) (i64.extend_i32_u (local.get $value))))
    (i32.wrap_i64 (i64.shr_u (global.get $sum) (i64.const 33))))
  (func (export "_start") (local $round i32) (local $step i32) (local $at i32)
    (loop $rounds
      (local.set $step (i32.const 0))
      (loop $steps
        (local.set $at (i32.add (i32.const 1048576) (i32.and (i32.mul (local.get $step) (i32.const 2654435)) (i32.const 1048572))))
        (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $step)))
        (i32.store (i32.const 64) (i32.add (i32.mul (i32.load (i32.const 64)) (i32.const 1664525)) (i32.load (local.get $at))))
        (br_if $steps (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 1))) (i32.const 10000))))
      (i32.store (i32.const 64) (call $mix (i32.load (i32.const 64))))
      (br_if $rounds (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const ${rounds}))))
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 4))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`;
