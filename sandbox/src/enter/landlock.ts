// Restricts what this process may open to what is shown, by Landlock (<linux/landlock.h>): needs no right and no namespace.
import { openSync, statSync } from 'node:fs';
import { ARCHITECTURES } from '../seccomp/syscalls.js';
import type { Shown } from '../shown/shown.js';
import type { Libc } from './libc.js';

const VERSION_FLAG = 1;
const PATH_BENEATH = 1;
const EXECUTE = 1n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
/** O_PATH | O_CLOEXEC. */
const PATH_ONLY = 0o10000000 | 0o2000000;

/** All rights over files that a version of the interface knows, connections over TCP (4), abstract sockets and signals (6). */
function handledBy(version: number): { files: bigint; network: bigint; scopes: bigint; sizeBytes: number } {
  const count = version >= 5 ? 16n : version >= 3 ? 15n : version >= 2 ? 14n : 13n;
  return {
    files: (1n << count) - 1n,
    network: version >= 4 ? 3n : 0n,
    scopes: version >= 6 ? 3n : 0n,
    // Older kernels refuse fields that they do not know.
    sizeBytes: version >= 6 ? 24 : version >= 4 ? 16 : 8,
  };
}

export function restrictFiles(
  { files, folders }: Shown,
  { executables }: { executables: readonly string[] },
  libc: Libc,
): void {
  const { numbers } = ARCHITECTURES[process.arch] ?? {};
  if (!numbers) throw new Error(`no system calls are known for ${process.arch}`);
  const call = (name: string): number => numbers[name] ?? -1;
  const version = libc.createRuleset(call('landlock_create_ruleset'), null, 0, VERSION_FLAG);
  const handled = handledBy(version);
  const attributes = Buffer.alloc(handled.sizeBytes);
  for (const [index, value] of [handled.files, handled.network, handled.scopes].entries())
    if (index * 8 < attributes.length) attributes.writeBigUInt64LE(value, index * 8);
  const ruleset = libc.createRuleset(call('landlock_create_ruleset'), attributes, attributes.length, 0);
  const allow = (path: string, rights: bigint): void => {
    // struct landlock_path_beneath_attr, packed.
    const rule = Buffer.alloc(12);
    rule.writeBigUInt64LE(rights);
    rule.writeInt32LE(openSync(path, PATH_ONLY), 8);
    libc.addRule(call('landlock_add_rule'), ruleset, PATH_BENEATH, rule, 0);
  };
  for (const path of files) allow(path, READ_FILE);
  for (const path of folders) allow(path, READ_FILE | READ_DIR);
  for (const path of executables) if (statSync(path).isFile()) allow(path, READ_FILE | EXECUTE);
  libc.restrictSelf(call('landlock_restrict_self'), ruleset, 0);
}
