// The launcher: builds the walls around itself, and then becomes the process that is to run behind them. Used where bubblewrap is not.
import { CHANNEL_FD } from '../modes/mode.js';
import type { EntryPlan } from '../modes/plan.js';
import { assembleFilter } from '../seccomp/filter.js';
import { showOnly } from './file-view.js';
import { restrictFiles } from './landlock.js';
import { loadLibc } from './libc.js';
import { dieWithParent, dropPrivileges, filterCalls } from './privileges.js';

const F_SETFD = 2;
/** Standard streams and the channel. */
const INHERITED = [0, 1, 2, CHANNEL_FD];

const plan = JSON.parse(process.argv[2] ?? '') as EntryPlan;
const libc = loadLibc();
const filter = assembleFilter({ arch: process.arch, ownPid: process.pid });
if (!filter) throw new Error(`no filter of system calls is known for ${process.arch}`);
dieWithParent(libc);
if (plan.walls === 'namespaces') showOnly(plan.shown, libc);
dropPrivileges(libc);
if (plan.walls === 'landlock') restrictFiles(plan.shown, plan, libc);
const env = Object.entries(plan.env).map(([name, value]) => `${name}=${value}`);
// Node marks all that it inherits, and what it opens, to be closed here.
for (const descriptor of INHERITED) libc.fcntl(descriptor, F_SETFD, 0);
filterCalls(filter, libc);
libc.execve(plan.program, [plan.program, ...plan.args, null], [...env, null]);
