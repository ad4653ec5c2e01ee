// As little of WASI as programs need to print and end: writes are kept, the rest answers that all is well.

/** What proc_exit throws. */
class Exit extends Error {}

type HostFunction = (...parameters: number[]) => number;
export type TinyHost = {
  functions: WebAssembly.ModuleImports;
  attach: (memory: WebAssembly.Memory) => void;
  /** What was written to descriptor 1, a character a byte. */
  output: () => string;
};

const NOT_FOUND = 8;

export function tinyHost(): TinyHost {
  let memory: WebAssembly.Memory | null = null;
  let output = '';
  const view = (): DataView => new DataView((memory as WebAssembly.Memory).buffer);
  const twoZeros: HostFunction = (first = 0, second = 0) => {
    view().setUint32(first, 0, true);
    view().setUint32(second, 0, true);
    return 0;
  };
  const functions: Record<string, HostFunction> = {
    fd_write(descriptor = 0, base = 0, count = 0, result = 0) {
      let total = 0;
      for (let index = 0; index < count; index++) {
        const start = view().getUint32(base + 8 * index, true);
        const length = view().getUint32(base + 8 * index + 4, true);
        if (descriptor === 1) output += Buffer.from(view().buffer, start, length).toString('latin1');
        total += length;
      }
      view().setUint32(result, total, true);
      return 0;
    },
    proc_exit(code = 0) {
      throw new Exit(String(code));
    },
    args_sizes_get: twoZeros,
    environ_sizes_get: twoZeros,
    fd_prestat_get: () => NOT_FOUND,
  };
  const answer = (name: string): HostFunction => functions[name] ?? (() => 0);
  return {
    functions: new Proxy(functions, { get: (_, name) => answer(String(name)) }),
    attach(own) {
      memory = own;
    },
    output: () => output,
  };
}

/** Message of what ended a program, or null for a normal end. What is no end of a program is thrown on. */
export function endOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof Exit) return error.message === '0' ? null : `exit ${error.message}`;
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return error.message;
    throw error;
  }
}
