// Which system calls a confined Node may make, and with which arguments: what it needs to compute, to read what it is shown, and to talk over the channel it was given.

/** One argument (from 0): its lower 32 bits, after the mask, must be one of the values. The kernel takes these arguments as 32-bit numbers. */
export type Condition = { argument: number; mask?: number; values: readonly number[] };
export type Rule = { call: string; conditions: readonly Condition[] };

/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC and O_TMPFILE: nothing is opened for writing. */
const WRITING_FLAGS = 0x3 | 0x40 | 0x200 | 0x400000;
/** CLONE_THREAD; without it a clone is a process. */
const CLONE_THREAD = 0x10000;
/** CLONE_NEW… of all kinds of namespaces. */
const CLONE_NAMESPACES = 0x7e020080;
/** F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: not those that have signals sent to others (F_SETOWN). */
const FCNTL_COMMANDS = [0, 1, 2, 3, 4, 1030];
/** TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: not those that put words into a terminal (TIOCSTI). */
const IOCTL_REQUESTS = [0x5401, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451];
/** PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SET_VMA. */
const PRCTL_OPTIONS = [3, 15, 16, 23, 39, 0x53564d41];

const ALWAYS = [
  // memory
  ...['mmap', 'munmap', 'mprotect', 'madvise', 'mremap', 'brk', 'membarrier'],
  // threads and time
  ...[
    'futex',
    'futex_waitv',
    'set_robust_list',
    'set_tid_address',
    'rseq',
    'sched_yield',
    'sched_getaffinity',
    'sched_getparam',
  ],
  ...[
    'sched_getscheduler',
    'getcpu',
    'gettid',
    'exit',
    'exit_group',
    'restart_syscall',
    'arch_prctl',
    'nanosleep',
    'clock_nanosleep',
  ],
  ...['clock_gettime', 'clock_getres', 'gettimeofday', 'time', 'times'],
  // signals of its own
  ...['rt_sigaction', 'rt_sigprocmask', 'rt_sigreturn', 'sigaltstack'],
  // files and the channel, all of which were opened for it or are shown to it
  ...[
    'read',
    'readv',
    'pread64',
    'write',
    'writev',
    'close',
    'lseek',
    'stat',
    'lstat',
    'fstat',
    'newfstatat',
    'statx',
    'access',
  ],
  ...[
    'faccessat',
    'faccessat2',
    'readlink',
    'readlinkat',
    'getdents64',
    'getcwd',
    'fadvise64',
    'dup',
    'dup2',
    'dup3',
    'pipe',
    'pipe2',
  ],
  ...['sendmsg', 'recvmsg', 'shutdown', 'getsockname', 'getpeername', 'getsockopt', 'setsockopt'],
  ...['poll', 'ppoll', 'epoll_create1', 'epoll_ctl', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2', 'eventfd2'],
  // bubblewrap’s first process waits for ours under the same filter
  'wait4',
  // about itself
  ...[
    'getpid',
    'getppid',
    'getuid',
    'geteuid',
    'getgid',
    'getegid',
    'getresuid',
    'getresgid',
    'capget',
    'uname',
    'sysinfo',
  ],
  ...['getrusage', 'getrlimit', 'getpriority', 'getrandom'],
  // the launcher’s last step; what it could start is Node alone, behind the same walls
  'execve',
];

/** `ownPid`: the process as it sees itself; without it signals go to whatever its namespace shows it. */
export function rulesFor({ ownPid }: { ownPid: number | null }): Rule[] {
  const own = ownPid === null ? [] : [{ argument: 0, values: [ownPid] }];
  return [
    ...ALWAYS.map((call) => ({ call, conditions: [] })),
    { call: 'open', conditions: [{ argument: 1, mask: WRITING_FLAGS, values: [0] }] },
    { call: 'openat', conditions: [{ argument: 2, mask: WRITING_FLAGS, values: [0] }] },
    {
      call: 'clone',
      conditions: [
        { argument: 0, mask: CLONE_THREAD, values: [CLONE_THREAD] },
        { argument: 0, mask: CLONE_NAMESPACES, values: [0] },
      ],
    },
    { call: 'tgkill', conditions: own },
    { call: 'fcntl', conditions: [{ argument: 1, values: FCNTL_COMMANDS }] },
    { call: 'ioctl', conditions: [{ argument: 1, values: IOCTL_REQUESTS }] },
    { call: 'prctl', conditions: [{ argument: 0, values: PRCTL_OPTIONS }] },
    // PRIO_PROCESS of itself; limits of itself.
    {
      call: 'setpriority',
      conditions: [
        { argument: 0, values: [0] },
        { argument: 1, values: [0] },
      ],
    },
    { call: 'prlimit64', conditions: [{ argument: 0, values: [0] }] },
  ];
}
