// Replaces the file system by one that holds only what is shown, read-only. Needs a mount namespace of its own and the right to mount in it.
import { mkdirSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ARCHITECTURES } from '../seccomp/syscalls.js';
import type { Shown } from '../shown/shown.js';
import type { Libc } from './libc.js';

/** Any folder that is there: the new root is mounted on it, and taken from it at once. */
const PLACE = '/tmp';
const OLD = '/.old';
const MS_BIND_RECURSIVE = 4096 | 16384;
const MS_NOSUID_NODEV = 2 | 4;
const MNT_DETACH = 2;
const AT_FDCWD = -100;
const AT_RECURSIVE = 0x8000;
/** MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV. */
const READ_ONLY = 1n | 2n | 4n;
/** struct mount_attr: four 64-bit numbers, the first of which are the attributes to set. */
const MOUNT_ATTR_BYTES = 32;

export function showOnly({ files, folders, links }: Shown, libc: Libc): void {
  libc.mount('tmpfs', PLACE, 'tmpfs', MS_NOSUID_NODEV, 'mode=0755');
  mkdirSync(join(PLACE, OLD));
  libc.pivotRoot(PLACE, join(PLACE, OLD));
  process.chdir('/');
  for (const path of [...folders, ...files]) {
    const old = join(OLD, path);
    if (statSync(old).isDirectory()) mkdirSync(path, { recursive: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '');
    }
    libc.mount(old, path, null, MS_BIND_RECURSIVE, null);
  }
  for (const { path, target } of links) {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  }
  libc.umount2(OLD, MNT_DETACH);
  rmdirSync(OLD);
  const attributes = Buffer.alloc(MOUNT_ATTR_BYTES);
  attributes.writeBigUInt64LE(READ_ONLY);
  const { mount_setattr: call } = ARCHITECTURES[process.arch]?.numbers ?? {};
  if (call === undefined) throw new Error(`no system calls are known for ${process.arch}`);
  libc.mountSetattr(call, AT_FDCWD, '/', AT_RECURSIVE, attributes, MOUNT_ATTR_BYTES);
}
