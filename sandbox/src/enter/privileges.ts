// Gives up every privilege, and the way to any.
import { encodeFilter, type Instruction } from '../seccomp/filter.js';
import type { Libc } from './libc.js';

const SIGKILL = 9;
const PR_SET_PDEATHSIG = 1;
const PR_SET_SECCOMP = 22;
const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
const SECCOMP_MODE_FILTER = 2;
const CAPABILITIES_MAXIMUM = 63;
const LINUX_CAPABILITY_VERSION_3 = 0x20080522;

/** Before the others: who starts this process may end at any time. */
export function dieWithParent(libc: Libc): void {
  libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

export function dropPrivileges(libc: Libc): void {
  libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (let capability = 0; capability <= CAPABILITIES_MAXIMUM; capability++) {
    try {
      libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    } catch {
      break; // the kernel has no more of them, or this process had none to begin with
    }
  }
  const header = Buffer.alloc(8);
  header.writeUInt32LE(LINUX_CAPABILITY_VERSION_3);
  libc.capset(header, Buffer.alloc(24));
}

export function filterCalls(program: readonly Instruction[], libc: Libc): void {
  libc.seccomp(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, { len: program.length, filter: encodeFilter(program) });
}
