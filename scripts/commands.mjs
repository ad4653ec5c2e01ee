// Every npm script of the repository: what it is for, its options, what it needs built, and what it starts.

const JSON_OPTION = ['--json', 'the figures as one JSON document; progress goes to standard error'];
const TEST_OPTIONS = [
  ['<files>', 'files of tests or parts of their paths, long or not'],
  ['-t <words>', 'only tests whose names hold the words'],
];
const TEST_NOTE =
  'Other options go to vitest as they are. MANYHANDS_SEED=<n> makes random tests draw other numbers (see npm run test:soak),\nMANYHANDS_REPORT=<file> writes a report in JSON.';
const SETUP = {
  about:
    'Installs what package-lock.json asks for and builds what is missing or stale. The other scripts do it by themselves.',
  builds: 'all',
};
const lab = (file) => ['node', `lab/dist/${file}.js`];

/**
 * `options`: with the words of each; `<n>` is a number. `isOpen`: further options are for the program. `builds`: what must be built before.
 * `runs`: Node and its arguments, to which those of the command line are added. `isObeying`: it is the command line of Manyhands, which obeys its launcher.
 */
export const COMMANDS = {
  setup: SETUP,
  build: SETUP,
  demo: {
    about:
      'Hunts a virus inside a genome: one coordinator and four workers, all on this machine. Installs and builds only what that needs.',
    options: [
      ['--full', 'search the whole genome instead of 100,000 bases'],
      ['--workers <n>', 'how many workers to start, 2 to 16 (4)'],
      ['--port <n>', 'port of the web page; 0 takes any free one (8420)'],
      ['--data <folder>', 'keep the data of coordinator and workers here (a temporary folder)'],
      ['--exit', 'end when the answer is there, instead of keeping the page up until Ctrl-C'],
      ['--out <file>', 'write the report there as JSON'],
      ['--json', 'print the report as one JSON document'],
    ],
    builds: 'demo',
    runs: ['node', 'cli/bin/manyhands.js', 'demo'],
    isObeying: true,
    example: '--exit',
  },
  test: {
    about: 'Unit and property tests, and the system tests that show each part working.',
    options: [...TEST_OPTIONS, ['--long', 'the long ones alone (files *.long.test.ts)']],
    note: TEST_NOTE,
    isOpen: true,
    builds: 'all',
    runs: ['node', 'scripts/test.mjs'],
    example: 'coordinator/test/unit',
  },
  'test:all': {
    about: 'All tests, the long ones too: crash loops, fuzzing, engines, chaos.',
    options: TEST_OPTIONS,
    note: TEST_NOTE,
    isOpen: true,
    builds: 'all',
    runs: ['node', 'scripts/test.mjs', '--all'],
  },
  'test:soak': {
    about: 'Random tests over and over with fresh seeds; says how to replay what fails.',
    options: [
      ['--minutes <n>', 'for so long; the round under way is ended (10)'],
      ['--seed <n>', 'begin with this seed'],
    ],
    note: 'MANYHANDS_SEED=<seed> npm test -- <file> repeats what a round did.',
    builds: 'all',
    runs: ['node', 'scripts/soak.mjs'],
    example: '--minutes 60',
  },
  check: {
    about:
      'Everything that a machine can check of the sources: format, types of the tests, imports, order of folders, documents, unused code, manifests.',
    builds: 'all',
    runs: ['node', 'scripts/check.mjs'],
  },
  structure: {
    about:
      'Of each package: folders that import each other, imports against the order of folders, cycles (types count), files over 300 lines, functions over 60, documented exports.',
    options: [
      ['--at <folder>', 'another tree of the repository, an older one for instance (this one)'],
      [
        '--check',
        'print nothing; fail on a pair, an import against the order or a cycle that is not known (scripts/structure/order.mjs)',
      ],
      JSON_OPTION,
    ],
    builds: 'nothing',
    runs: ['node', 'scripts/structure.mjs'],
  },
  version: {
    about: 'Moves all packages, what they ask of one another, and the lockfile to a version.',
    options: [['<version>', 'as in 0.2.0']],
    runs: ['node', 'scripts/manifests.mjs', '--version'],
    example: '0.2.0',
  },
  prepack: {
    ...SETUP,
    about: 'What npm runs before it packs the repository: installs and builds what is missing or stale.',
  },
  pack: {
    about: 'Packs every package that is published, for installing them without a registry, and says how.',
    options: [
      ['--to <folder>', 'where to (packed)'],
      ['--quiet', 'say nothing'],
    ],
    builds: 'all',
    runs: ['node', 'scripts/pack.mjs'],
  },
  'bench:coordinator': {
    about:
      'Accepted units per CPU-second of the coordinator through its real gateway, beside bare SQLite inserts in the same run.',
    options: [
      JSON_OPTION,
      ['--rounds <n>', 'rounds of each size (5)'],
      ['--connections <n>', 'hosts (64)'],
      ['--batches <list>', 'units per lease (1,16,256)'],
    ],
    builds: 'all',
    runs: lab('bench/coordinator'),
  },
  'bench:answers': {
    about:
      'CPU of the coordinator for every public answer, on a folder with a million units: the median of nine, at most 20 ms each.',
    options: [
      JSON_OPTION,
      ['--rounds <n>', 'how often each address is asked (9)'],
      ['--accounts <n>', 'accounts of the folder (50000)'],
      ['--units <n>', 'accepted units, each with a row of the ledger (1000000)'],
    ],
    note: 'The folder is made once below .build, through the WebSockets of real hosts, which takes about half an hour. Linux only: the hosts use addresses of 127.0.0.0/8.',
    builds: 'all',
    runs: lab('bench/answers'),
    example: '--accounts 500 --units 10000',
  },
  'bench:engine': {
    about:
      'What the engine costs: native code, plain WebAssembly and its builds, cold and hot, in interleaved rounds of fresh processes.',
    options: [
      JSON_OPTION,
      ['--quick', 'units of 1 s, three rounds, instead of 5 s and nine: minutes instead of two hours'],
      ['--kernel <list>', 'only these kernels'],
      ['--pairs <n>', 'rounds (9)'],
      ['--seconds <n>', 'length of a unit (5)'],
      ['--memory <list>', 'mebibytes of the memory kernels (64,1024,2048)'],
    ],
    needs: 'clang, lld and wasi-libc; gcc for the native row; apt for the program of others',
    builds: 'all',
    runs: lab('bench/engine'),
    example: '--quick --kernel n-body',
  },
  'bench:pool': {
    about:
      'What the worker’s executor costs beside the units it runs: the useful part of the time of the cores in use.',
    options: [
      JSON_OPTION,
      ['--threads <n>', 'cores to use (all)'],
      ['--rounds <n>', 'rounds (15)'],
      ['--seconds <n>', 'length of a side of a round (2)'],
    ],
    builds: 'all',
    runs: lab('bench/pool'),
  },
  'fuzz:engine': {
    about:
      'Generated programs through the engine: plain against instrumented, whole against sliced, and one engine against another.',
    options: [
      JSON_OPTION,
      ['--count <n>', 'programs (1000)'],
      ['--seed <n>', 'seed of the first (0)'],
      ['--engine <list>', 'default, liftoff, turbofan, thread, chromium, arm64 (all that are here)'],
      ['--sample <n>', 'at most so many cases in arm64, which is emulated (20)'],
      ['--out <folder>', 'where failing modules go (fuzz-failures)'],
    ],
    needs: 'Chromium, and qemu-user-static with an arm64 C library, for two of the engines, which are skipped without',
    builds: 'all',
    runs: lab('fuzz/engine'),
    example: '--count 200 --engine default,liftoff',
  },
  'lab:spread': {
    about: 'How many copies of a shared input leave the coordinator when eight workers need it at once.',
    options: [
      JSON_OPTION,
      ['--runs <n>', 'runs (3)'],
      ['--workers <n>', 'workers (8)'],
      ['--mebibytes <n>', 'size of the input (32)'],
      ['--no-latency', 'leave out how serving blocks slows the coordinator’s answers'],
    ],
    builds: 'all',
    runs: lab('scenarios/spread'),
  },
  'lab:slow-line': {
    about:
      'Whether a large result and a large checkpoint arrive over a slow line, each cut off once, in a network namespace of its own (Linux, as root, with ip and tc).',
    options: [
      JSON_OPTION,
      ['--mebibytes <n>', 'size of the result and of the checkpoint (16)'],
      ['--kilobits <n>', 'kilobits a second from worker to coordinator (512)'],
    ],
    builds: 'all',
    runs: lab('scenarios/slow-line'),
  },
  'lab:arrivals': {
    about:
      'Ten times as many workers come at once: whether they are let in or told when to come again, and whether all others are served meanwhile.',
    options: [
      JSON_OPTION,
      ['--base <n>', 'hosts that work before (1000)'],
      ['--arrivals <n>', 'hosts that come at once (9000)'],
      ['--honest <n>', 'hosts that come with them from one address (400)'],
      ['--seconds <n>', 'they come within so long, and a unit takes so long (60)'],
      ['--networks <n>', 'networks of 127.0.0.0/8 that the others come from (64)'],
    ],
    note: 'Takes five times --seconds. Linux only. Each process must be allowed a file for every host and 1,000 more (ulimit -n).',
    builds: 'all',
    runs: lab('arrivals/run'),
    example: '--base 100 --arrivals 900 --honest 40 --seconds 10',
  },
  'lab:siege': {
    about:
      'What one stranger costs the others: attacks from one address and from 64 networks, beside honest workers and hosts.',
    options: [
      JSON_OPTION,
      ['--only <name>', 'this attack; repeat for more'],
      ['--from <where>', 'one address, many networks, or both (both)'],
      ['--honest-hosts <n>', 'hosts behind one address that join and work meanwhile (400)'],
      ['--units <n>', 'units of the honest batch (200)'],
      ['--seconds <n>', 'an attack lasts so long at least, and until the honest are done (60)'],
      ['--requests <n>', 'hostile requests of one attack, at most (20000)'],
      ['--sockets <n>', 'connections that the attacker holds, at most (1000)'],
      ['--nice <n>', 'how far workers and checks give way to other programs (as usual)'],
    ],
    note: 'All of it about two hours on two cores. Linux only: everybody has an address of 127.0.0.0/8, and nothing leaves the machine.',
    builds: 'all',
    runs: lab('siege/run'),
    example: '--only reads --from one --honest-hosts 20 --units 20 --seconds 10',
  },
  'lab:compatibility': {
    about: 'Lets the worker and the scientist of another version complete a batch with the coordinator of this one.',
    options: [
      JSON_OPTION,
      ['--from <commit>', 'the other version'],
      ['--built <folder>', 'a clone in which it is built already (one is made below .build)'],
      ['--record <folder>', 'instead, leave there the folders of that version as a power cut in mid-batch does'],
    ],
    needs: 'git, with the history that holds the commit',
    builds: 'all',
    runs: lab('compatibility/run'),
    example: '--from 408373d',
  },
  'lab:naps': {
    about:
      'A laptop that sleeps 45 of every 72 seconds as the only computer of a batch: whether its unit is accepted, and what it computes in vain.',
    note: 'Takes about half an hour. Linux only.',
    builds: 'all',
    runs: ['node', 'scripts/naps.mjs'],
  },
  'lab:earlier': {
    about:
      'Lets the tests of what was mended look at an earlier version, in which each should fail by what it asserts.',
    options: [
      JSON_OPTION,
      ['--from <commit>', 'the earlier version'],
      ['--built <folder>', 'a clone in which it is built already (one is made below .build)'],
      ['--only <text>', 'repairs whose description or file of tests holds it; repeat for more'],
    ],
    needs: 'git, with the history that holds the commit; what the long tests need',
    builds: 'all',
    runs: lab('earlier/run'),
    example: '--from 408373d',
  },
  'lab:mutations': {
    about:
      'Plants sixty small faults one after the other in a clean copy and lets the tests look for each. Goes on where it was.',
    options: [
      JSON_OPTION,
      ['--only <id>', 'this fault, again; repeat for more'],
      ['--list', 'only say which there are'],
      ['--fresh', 'forget what earlier runs found'],
    ],
    needs: 'git',
    builds: 'all',
    runs: lab('mutations/run'),
    example: '--only web-gap-inside-window',
  },
};
