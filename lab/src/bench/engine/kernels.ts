// The programs that the benchmark runs, and how their work grows.

/** One program. `rounds` are for about a second; the work grows in proportion. */
export type Kernel = {
  name: string;
  kind: 'integer' | 'alignment' | 'fft' | 'n-body' | 'program' | 'memory';
  /** Sources below lab/kernels, or of the package. */
  sources: readonly string[];
  /** Built for the cooperative ABI beside the ordinary one. */
  stepSource?: string;
  /** A source package of Debian and the files of it that make the program. */
  package?: { name: string; folder: RegExp; sources: RegExp; linesMinimum: number };
  rounds: number;
  parameters(rounds: number): string[];
  /** An input file called input.txt of so many bytes. */
  inputBytes: number;
  memoryMaximumBytes: number;
};

const MEBIBYTE = 1024 * 1024;
const own = (name: string): Pick<Kernel, 'name' | 'sources' | 'inputBytes' | 'memoryMaximumBytes' | 'parameters'> => ({
  name,
  sources: [`${name}.c`],
  inputBytes: 0,
  memoryMaximumBytes: 64 * MEBIBYTE,
  parameters: (rounds) => [String(rounds)],
});

export const KERNELS: readonly Kernel[] = [
  { ...own('lucas-lehmer'), kind: 'integer', rounds: 2_000 },
  { ...own('gotoh'), kind: 'alignment', rounds: 700 },
  { ...own('fft'), kind: 'fft', rounds: 120 },
  { ...own('n-body'), kind: 'n-body', rounds: 40_000, stepSource: 'n-body-step.c' },
  {
    // A compressor of some 4,800 lines that searches for the shortest coding; nothing of it is changed.
    name: 'zopfli',
    kind: 'program',
    sources: [],
    package: { name: 'zopfli', folder: /^zopfli/, sources: /^src\/zopfli\/[a-z_0-9]+\.c$/, linesMinimum: 2_000 },
    rounds: 10,
    parameters: (rounds) => ['-c', `--i${rounds}`, 'input.txt'],
    inputBytes: 400_000,
    memoryMaximumBytes: 256 * MEBIBYTE,
  },
];

/** Large memories: every page is touched, then words all over. */
export function memoryKernel(mebibytes: number): Kernel {
  return {
    ...own('memory'),
    name: `memory-${mebibytes}`,
    kind: 'memory',
    sources: ['memory.c'],
    rounds: 20,
    parameters: (rounds) => [String(mebibytes), String(rounds)],
    memoryMaximumBytes: (mebibytes + 16) * MEBIBYTE,
  };
}
