// A small WASI for the tests of the example units: arguments, stdin, stdout, stderr, exit code; the plain module, nothing added to it.

export interface ProgramInput {
  /** All arguments, the program's name included. */
  readonly args: readonly string[];
  readonly stdin?: string;
  /** How many bytes a read may give at once. */
  readonly readBytes?: number;
  /** The error number that every write to stdout gives. */
  readonly stdoutErrno?: number;
}

export interface ProgramOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Exit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** What of WASI the units import, over the memory of the instance that calls. */
class SmallWasi {
  readonly written: Record<number, Uint8Array[]> = { 1: [], 2: [] };
  memory: WebAssembly.Memory | undefined;
  private readonly input: ProgramInput;
  private readonly words: Buffer[];
  private readonly stdin: Buffer;
  private readAt = 0;

  constructor(input: ProgramInput) {
    this.input = input;
    this.words = input.args.map((word) => Buffer.from(`${word}\0`));
    this.stdin = Buffer.from(input.stdin ?? '');
  }

  private bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory?.buffer ?? new ArrayBuffer(0), pointer, length);
  }

  private number(pointer: number): number {
    return Buffer.from(this.bytes(pointer, 4)).readUInt32LE();
  }

  private setNumber(pointer: number, value: number): 0 {
    this.bytes(pointer, 4).set(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
    return 0;
  }

  readonly functions = {
    args_sizes_get: (count: number, size: number) => {
      this.setNumber(count, this.words.length);
      return this.setNumber(size, Buffer.concat(this.words).length);
    },
    args_get: (pointers: number, buffer: number) => {
      let at = buffer;
      for (const [index, word] of this.words.entries()) {
        this.setNumber(pointers + 4 * index, at);
        this.bytes(at, word.length).set(word);
        at += word.length;
      }
      return 0;
    },
    fd_read: (fd: number, vectors: number, _count: number, result: number) => {
      if (fd !== 0) throw new Error(`read from descriptor ${fd}`);
      const room = Math.min(this.number(vectors + 4), this.input.readBytes ?? Number.POSITIVE_INFINITY);
      const part = this.stdin.subarray(this.readAt, this.readAt + room);
      this.bytes(this.number(vectors), part.length).set(part);
      this.readAt += part.length;
      return this.setNumber(result, part.length);
    },
    fd_write: (fd: number, vectors: number, _count: number, result: number) => {
      if (fd === 1 && this.input.stdoutErrno !== undefined) return this.input.stdoutErrno;
      const length = this.number(vectors + 4);
      this.written[fd]?.push(this.bytes(this.number(vectors), length).slice());
      return this.setNumber(result, length);
    },
    proc_exit: (code: number) => {
      throw new Exit(code);
    },
  };
}

/** The functions of either kind of unit. */
interface ProgramExports {
  readonly memory: WebAssembly.Memory;
  readonly _start?: () => void;
  readonly _initialize?: () => void;
  readonly init?: () => void;
  readonly step?: () => number;
  readonly finish?: () => void;
}

function runToTheEnd({ _start, _initialize, init, step, finish }: ProgramExports): void {
  _start?.();
  _initialize?.();
  init?.();
  while (step !== undefined && step() !== 0);
  finish?.();
}

/** Runs a compiled unit, a command or steps, to its end. Traps are thrown. */
export function runProgram(module: WebAssembly.Module, input: ProgramInput): ProgramOutput {
  const wasi = new SmallWasi(input);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.functions });
  const exported = instance.exports as unknown as ProgramExports;
  wasi.memory = exported.memory;
  let exitCode = 0;
  try {
    runToTheEnd(exported);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    exitCode = error.code;
  }
  const [stdout, stderr] = [1, 2].map((fd) => Buffer.concat(wasi.written[fd] ?? []).toString());
  return { exitCode, stdout: stdout ?? '', stderr: stderr ?? '' };
}
