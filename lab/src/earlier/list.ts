// What was mended, and the tests that show it through commands and sockets. Each should fail in a version from before.

export type Repair = {
  /** What holds now. */
  readonly about: string;
  readonly file: string;
  /** The beginnings of the names of its tests. */
  readonly tests: readonly string[];
};

const at =
  (folder: string) =>
  (about: string, file: string, ...tests: string[]): Repair => ({
    about,
    file: `${folder}/${file}`,
    tests,
  });
const cli = at('cli/test/system');
const coordinator = at('coordinator/test/system');
const worker = at('worker/test/system');
const together = at('docker/system-tests');

export const REPAIRS: readonly Repair[] = [
  together(
    'strangers’ programs run behind walls',
    'walls/commands.long.test.ts',
    'the executor of a worker',
    'a dry run',
  ),
  cli('the walls are named, and can be required', 'volunteer.test.ts', 'the walls that stand are named'),
  together('what is reproduced is what was signed', 'chaos/meddling.long.test.ts', 'another program of the same owner'),
  coordinator(
    'a lease that runs out is nobody’s failure',
    'lapses.test.ts',
    'a host that lost its lease gets a unit at once',
    'a result makes room for more',
  ),
  coordinator('a lost grant keeps no units', 'lapses.test.ts', 'a grant that was lost with its connection'),
  together('a unit that only runs out is held', 'chaos/held-units.long.test.ts', 'a unit that runs out everywhere'),
  worker(
    'a snapshot outlives its lease',
    'lost-leases.long.test.ts',
    'a unit whose lease ran out goes on',
    'a unit that comes again while its result is here',
  ),
  worker('no time passes for a unit that sleeps', 'sleep.long.test.ts', 'executor stopped'),
  worker('a wrong clock does no harm', 'wrong-clock.long.test.ts', 'wrong by 1000 hours', 'wrong by -1 hours'),
  worker('the limits of a control group count', 'container.test.ts', 'half of what the group has'),
  together('lines and words are what they are', 'e2e/odd-files.long.test.ts', 'odd lines come back'),
  together('names and links are what they are', 'e2e/odd-files.long.test.ts', 'names that cannot be'),
  together('what cannot be read is named', 'e2e/result-folder.long.test.ts', 'a link that leads nowhere'),
  together('a result folder never mixes answers', 'e2e/result-folder.long.test.ts', 'version 1, then version 2'),
  together('no option is ignored', 'e2e/result-folder.long.test.ts', 'quorum, priority and expiry'),
  together(
    'one result costs the others nothing',
    'e2e/result-folder.long.test.ts',
    'one folder that cannot be written',
  ),
  cli(
    'a wrong value is refused when it is typed',
    'every-option.long.test.ts',
    'worker join --memory',
    'worker join --disk',
  ),
  cli('an option is not given twice', 'every-option.long.test.ts', 'an option with one value that is given twice'),
  cli(
    'a cause is named as what it is',
    'causes.long.test.ts',
    'cut, refused, no web server',
    'a copied data folder is told to both',
  ),
  coordinator(
    'whoever comes first cannot keep the others out',
    'admission.long.test.ts',
    '500 workers that connect',
    'from the attacker’s own network',
    '1,000 idle connections at the block gateway',
    '150 silent connections at the seed',
    'bodies that are announced',
    'hundreds of calls that come at once',
  ),
  coordinator('a body must keep coming', 'stalled.long.test.ts', 'a body that stalls'),
  coordinator('room is held for bytes that have arrived', 'admission.long.test.ts', 'room for checkpoints'),
  coordinator(
    'calls that can wait come later, kind by kind; what a scientist signs goes first',
    'held-back.long.test.ts',
    'each kind of call is held back',
    'what a scientist sends slowly',
  ),
  coordinator('later is not the same time for all', 'admission.long.test.ts', 'those who come too often'),
  coordinator('readers behind a proxy stay apart', 'behind-proxies.test.ts', 'who reads too much behind a proxy'),
  together('behind a proxy callers stay apart', 'e2e/nginx.long.test.ts', 'callers behind it stay apart'),
  together('a result that cannot be sent is not computed again', 'e2e/uploads.long.test.ts', 'a result that cannot be'),
  together(
    'hosts without IPv4 take part',
    'e2e/ipv6.long.test.ts',
    'a coordinator that listens on all addresses',
    'a coordinator that listens on this machine alone',
  ),
  together(
    'the launcher passes every signal on',
    'packages/launcher.long.test.ts',
    'a launcher that is killed',
    'Node 20.20.2: SIGINT at the launcher',
  ),
  coordinator(
    'whoever asks for lasting bytes pays for them',
    'lasting-bytes.test.ts',
    'receipts padded with units',
    'units of the own lease that have spoken',
    'who brings about more than its budget',
  ),
  coordinator(
    'limits are checked where rows are inserted: projects',
    'foundings.test.ts',
    'a network has a share',
    'the operator rejects a project',
    'two names do not differ',
    'pausing a project that was never approved',
  ),
  coordinator(
    'limits are checked where rows are inserted: accounts',
    'foundings.long.test.ts',
    'accounts founded over',
  ),
  coordinator('checks take turns', 'checks.long.test.ts', 'an honest program is checked'),
  coordinator('a check again is its owner’s wish', 'check-again.long.test.ts', 'the public record does not'),
  cli('logs cannot be filled', 'quiet-log.long.test.ts', '1,500 connections'),
  cli('the terminal is not theirs', 'texts-of-others.test.ts', 'an error of a coordinator', 'nor does it as JSON'),
  coordinator(
    'reads are bounded: lists are pages, answered from what is kept',
    'reads.test.ts',
    'what a list shows of a large result',
    'a page of outcomes is bounded',
    'units come in pages',
    'a list of projects is bounded',
    'the batches of a project come in pages',
    'an answer that did not change',
    'a waiting caller who leaves',
  ),
  cli('a project is found by its name', 'many-projects.long.test.ts', 'a volunteer joins for the last'),
  coordinator(
    'a key and a network have one vote, and unit failures count alike',
    'votes.test.ts',
    'a key under two accounts in turn has one vote',
    'a key whose lease ran out gets the unit again',
    'two computers of one network do not agree',
    'unit failures of one network are one report',
  ),
  coordinator('what a host claims gives it no units', 'votes.test.ts', 'the cores that a host claims give it no units'),
  coordinator(
    'nobody keeps units by renewing',
    'lease-times.long.test.ts',
    'who renews for ever keeps a unit',
    'a lease is renewed where its host has come further',
  ),
  coordinator('running is what hosts compute', 'lapses.test.ts', 'running counts what hosts say'),
  coordinator(
    'addresses are passed on where their host is, to those who need them',
    'aimed.long.test.ts',
    'addresses are told to hosts that hold a lease',
    'addresses elsewhere',
    'forty hosts that name one socket',
  ),
  together('nobody is aimed at a victim', 'chaos/aimed.long.test.ts', 'forty hosts that name a victim'),
  worker('a worker comes from the address that was chosen', 'local-address.long.test.ts', 'calls, the socket, blocks'),
];
