// The few functions of the C library that the launcher needs and Node does not offer.
import { createRequire } from 'node:module';
import { getSystemErrorMessage } from 'node:util';

type Pointer = Uint8Array | null;
type Loaded = {
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): number;
  umount2(target: string, flags: number): number;
  pivotRoot(root: string, old: string): number;
  prctl(option: number, value: number | bigint, third: number, fourth: number, fifth: number): number;
  fcntl(descriptor: number, command: number, value: number): number;
  capset(header: Pointer, data: Pointer): number;
  execve(file: string, args: (string | null)[], env: (string | null)[]): number;
  seccomp(option: number, mode: number, program: { len: number; filter: Pointer }): number;
  mountSetattr(call: number, folder: number, path: string, flags: number, attributes: Pointer, size: number): number;
  createRuleset(call: number, attributes: Pointer, size: number, flags: number): number;
  addRule(call: number, ruleset: number, type: number, attributes: Pointer, flags: number): number;
  restrictSelf(call: number, ruleset: number, flags: number): number;
};
type Koffi = {
  load(path: null): { func(name: string, result: string, parameters: unknown[]): (...values: unknown[]) => number };
  struct(fields: Record<string, string>): unknown;
  pointer(type: unknown): unknown;
  errno(): number;
};

/** All of them throw an error that names the function when they fail. */
export type Libc = Loaded;

/** Throws when there is no such package for this machine. */
export function loadLibc(): Libc {
  const koffi = createRequire(import.meta.url)(`@koromix/koffi-linux-${process.arch}`) as Koffi;
  const library = koffi.load(null);
  const program = koffi.pointer(koffi.struct({ len: 'uint16_t', filter: 'void *' }));
  const checked = (name: string, parameters: unknown[], symbol = name) => {
    const call = library.func(symbol, 'long', parameters);
    return (...values: unknown[]): number => {
      // Functions that return an int leave the upper half of the register undefined.
      const result = Number(BigInt.asIntN(32, BigInt(call(...values))));
      if (result >= 0) return result;
      throw new Error(`${name}: ${getSystemErrorMessage(-koffi.errno())}`);
    };
  };
  const loaded: Record<keyof Loaded, (...values: unknown[]) => number> = {
    mount: checked('mount', ['str', 'str', 'str', 'unsigned long', 'str']),
    umount2: checked('umount2', ['str', 'int']),
    pivotRoot: checked('pivot_root', ['str', 'str']),
    prctl: checked('prctl', ['int', 'unsigned long', 'unsigned long', 'unsigned long', 'unsigned long']),
    fcntl: checked('fcntl', ['int', 'int', 'int']),
    capset: checked('capset', ['void *', 'void *']),
    execve: checked('execve', ['str', 'str *', 'str *']),
    seccomp: checked('seccomp', ['int', 'unsigned long', program], 'prctl'),
    mountSetattr: checked('mount_setattr', ['long', 'int', 'str', 'unsigned int', 'void *', 'size_t'], 'syscall'),
    createRuleset: checked('landlock_create_ruleset', ['long', 'void *', 'size_t', 'uint32_t'], 'syscall'),
    addRule: checked('landlock_add_rule', ['long', 'int', 'int', 'void *', 'uint32_t'], 'syscall'),
    restrictSelf: checked('landlock_restrict_self', ['long', 'int', 'uint32_t'], 'syscall'),
  };
  return loaded;
}
