// A small WASI for these tests: arguments, stdin, one file in the root folder, stdout, stderr, exit code.
import { prophageModule } from '../../src/index.js';

export interface UnitInput {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly stdin: string | Uint8Array;
  /** The text of phage.fa; undefined: the file is missing. */
  readonly phage: string | Uint8Array | undefined;
  /** How many bytes a read may give at once. */
  readonly readBytes?: number;
  /** The error number that every write to stdout gives. */
  readonly stdoutErrno?: number;
}

export interface UnitOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Exit {
  constructor(readonly code: number) {}
}

const ERRNO_NOENT = 44;
const PHAGE_FD = 4;
const compiled = new WebAssembly.Module(prophageModule());

/** Runs the compiled unit to its end. Traps are thrown. */
export function runUnit(input: UnitInput): UnitOutput {
  const written: Record<number, Uint8Array[]> = { 1: [], 2: [] };
  const instance = new WebAssembly.Instance(compiled, { wasi_snapshot_preview1: importsFor(input, written, memory) });
  function memory(): DataView {
    return new DataView((instance.exports.memory as WebAssembly.Memory).buffer);
  }
  let exitCode = 0;
  try {
    (instance.exports._start as () => void)();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    exitCode = error.code;
  }
  const [stdout, stderr] = [1, 2].map((fd) => Buffer.concat(written[fd] ?? []).toString());
  return { exitCode, stdout: stdout ?? '', stderr: stderr ?? '' };
}

function importsFor(input: UnitInput, written: Record<number, Uint8Array[]>, memory: () => DataView) {
  const args = ['prophage', ...input.args].map((word) => Buffer.from(`${word}\0`));
  const inputs: Record<number, { bytes: Uint8Array; at: number }> = {
    0: { bytes: Buffer.from(input.stdin), at: 0 },
    [PHAGE_FD]: { bytes: Buffer.from(input.phage ?? ''), at: 0 },
  };
  const bytesAt = (pointer: number, length: number) => new Uint8Array(memory().buffer, pointer, length);
  const vectorAt = (pointer: number): [number, number] => [
    memory().getUint32(pointer, true),
    memory().getUint32(pointer + 4, true),
  ];
  return {
    args_sizes_get(count: number, size: number) {
      memory().setUint32(count, args.length, true);
      memory().setUint32(size, Buffer.concat(args).length, true);
      return 0;
    },
    args_get(pointers: number, buffer: number) {
      let at = buffer;
      for (const [index, word] of args.entries()) {
        memory().setUint32(pointers + 4 * index, at, true);
        bytesAt(at, word.length).set(word);
        at += word.length;
      }
      return 0;
    },
    path_open(...[folder, , path, length, , , , , result]: number[]) {
      const name = Buffer.from(bytesAt(path ?? 0, length ?? 0)).toString();
      if (folder !== 3 || name !== 'phage.fa' || input.phage === undefined) return ERRNO_NOENT;
      memory().setUint32(result ?? 0, PHAGE_FD, true);
      return 0;
    },
    fd_read(fd: number, vectors: number, _count: number, result: number) {
      const [pointer, length] = vectorAt(vectors);
      const file = inputs[fd];
      if (file === undefined) throw new Error(`read from descriptor ${fd}`);
      const part = file.bytes.subarray(file.at, file.at + Math.min(length, input.readBytes ?? length));
      bytesAt(pointer, part.length).set(part);
      file.at += part.length;
      memory().setUint32(result, part.length, true);
      return 0;
    },
    fd_write(fd: number, vectors: number, _count: number, result: number) {
      if (fd === 1 && input.stdoutErrno !== undefined) return input.stdoutErrno;
      const [pointer, length] = vectorAt(vectors);
      written[fd]?.push(bytesAt(pointer, length).slice());
      memory().setUint32(result, length, true);
      return 0;
    },
    proc_exit(code: number) {
      throw new Exit(code);
    },
  };
}
