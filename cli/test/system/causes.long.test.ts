// Why a worker is offline: the same cause, with its code, on the terminal, in `status` as text and as JSON, and in the log. And a copied data folder, from trouble to remedy.
import { cpSync } from 'node:fs';
import {
  type AddressInfo,
  createServer as createTcpServer,
  connect as netConnect,
  type Server as TcpServer,
} from 'node:net';
import { ManyhandsProcess, temporaryFolderSync, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Place, startPlace, succeed } from '../support/coordinator.js';
import { run, setEnvironment } from '../support/in-process.js';

type Status = {
  state: string;
  line: string;
  code: string | null;
  trouble: { code: string; message: string } | null;
  hostId: string;
  accountId: string | null;
  pseudonym: string | null;
};

let place: Place;
beforeAll(async () => {
  place = await startPlace();
});

/** As people run it, and with the log that they would look into. */
function join(url: string, folder: string, ...more: string[]): ManyhandsProcess {
  const words = ['worker', 'join', url, '--data', folder, '--cpus', '1', '--no-p2p', '--log-level', 'info'];
  return new ManyhandsProcess([...words, ...more]);
}

const statusOf = async (folder: string): Promise<Status> =>
  (await succeed('worker', 'status', '--data', folder)).lines[0]?.status as Status;

/** Undefined as long as it does not listen to its owner, as at its start. */
const statusYet = async (folder: string): Promise<Status | undefined> =>
  (await run('worker', 'status', '--data', folder, '--json')).lines[0]?.status as Status | undefined;

/** Requires one cause in all four places. */
async function expectNamed(worker: ManyhandsProcess, folder: string, cause: { code: string; words: RegExp }) {
  const status = await until(
    () => `the status ${cause.code} of ${worker.story()}`,
    async () => {
      const now = await statusYet(folder);
      return now?.trouble?.code === cause.code && cause.words.test(now.trouble.message) && now;
    },
  );
  const isNamed = (text: string): boolean =>
    text.split('\n').some((line) => line.includes(cause.code) && cause.words.test(line));
  const people = await run('worker', 'status', '--data', folder);
  expect(isNamed(people.stdout), people.stdout).toBe(true);
  await until(
    () => `the terminal: ${worker.story()}`,
    () => isNamed(worker.stdout),
  );
  await until(
    () => `the log: ${worker.story()}`,
    () => isNamed(worker.stderr),
  );
  return status;
}

/** Passes connections on to the coordinator, until something else stands there. */
class Gate {
  readonly #server: TcpServer;
  readonly #open = new Set<() => void>();

  private constructor(to: URL) {
    this.#server = createTcpServer((socket) => {
      const other = connectTo(to);
      const end = (): void => {
        socket.destroy();
        other.destroy();
        this.#open.delete(end);
      };
      this.#open.add(end);
      for (const side of [socket, other]) side.on('error', end).on('close', end);
      socket.pipe(other).pipe(socket);
    });
  }

  static async start(url: string): Promise<{ gate: Gate; port: number }> {
    const gate = new Gate(new URL(url));
    const port = await listen(gate.#server, 0);
    return { gate, port };
  }

  async close(): Promise<void> {
    for (const end of this.#open) end();
    await closed(this.#server);
  }
}

const connectTo = (to: URL) => netConnect({ host: to.hostname, port: Number(to.port) });

function listen(server: TcpServer, port: number): Promise<number> {
  opened.push(server);
  return new Promise((resolve) =>
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

const closed = (server: TcpServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
const opened: TcpServer[] = [];
afterAll(() => {
  for (const server of opened) server.close();
});

test('cut, refused, no web server, not a coordinator: each is said as what it is, and it works again afterwards', async () => {
  const folder = temporaryFolderSync('causes');
  const { gate, port } = await Gate.start(place.url);
  const worker = join(`http://127.0.0.1:${port}`, folder);
  await until(
    () => `a first connection: ${worker.story()}`,
    () => /connected/.test(worker.stderr),
  );
  await gate.close();
  const refused = await expectNamed(worker, folder, { code: 'MH-GEN-005', words: /nothing listens there/ });
  expect(refused).toMatchObject({ state: 'offline', code: 'MH-GEN-005' });
  expect(refused.line).toContain("Can't reach the coordinator at 127.0.0.1:");
  expect(worker.stderr, 'the cut before it').toMatch(
    /"cause":"The connection to the coordinator was cut\.".*disconnected/,
  );

  const strange = createTcpServer(
    (socket) =>
      void socket
        .on('error', () => {})
        .resume()
        .end('220 mail.example.org\r\n'),
  );
  await listen(strange, port);
  const foreign = await expectNamed(worker, folder, {
    code: 'MH-GEN-005',
    words: /^.*Something answers at .*no web server/,
  });
  expect(foreign.line).not.toContain("Can't reach");
  await closed(strange);

  const back = createTcpServer((socket) => {
    const other = connectTo(new URL(place.url));
    for (const side of [socket, other]) side.on('error', () => {});
    socket.pipe(other).pipe(socket);
    socket.on('close', () => other.destroy());
  });
  await listen(back, port);
  await until(
    () => `a connection again: ${worker.story()}`,
    async () => (await statusOf(folder)).trouble === null,
  );
  expect(await worker.stop()).toBe(0);
});

test('a coordinator that stops says so; then nothing listens there', async () => {
  const folder = temporaryFolderSync('causes');
  const words = ['coordinator', 'start', '--data', temporaryFolderSync('causes-c'), '--port', '0', '--json', '--open'];
  const coordinator = new ManyhandsProcess(words);
  const worker = join(String((await coordinator.event('listening')).url), folder);
  await until(
    () => `a first connection: ${worker.story()}`,
    () => /connected/.test(worker.stderr),
  );
  expect(await coordinator.stop()).toBe(0);
  await expectNamed(worker, folder, { code: 'MH-GEN-005', words: /nothing listens there/ });
  const log = worker.stderr.split('\n').find((line) => line.includes('disconnected'));
  expect(log).toMatch(/"code":"MH-WIR-007","cause":"The coordinator was stopped, or is being restarted\."/);
  expect(worker.stdout).toMatch(/^The coordinator was stopped, or is being restarted\. Offline for .* MH-WIR-007$/m);
  expect(await worker.stop()).toBe(0);
});

test('a copied data folder is told to both, and one command makes two hosts of one account', async () => {
  const folder = temporaryFolderSync('causes-first');
  const copy = temporaryFolderSync('causes-copy');
  const first = join(place.url, folder, '--account', 'ada');
  await until(
    () => `a first connection: ${first.story()}`,
    async () => /connected/.test(first.stderr) && (await statusOf(folder)).pseudonym !== null,
  );
  expect(await first.stop()).toBe(0);
  cpSync(folder, copy, { recursive: true });

  const one = join(place.url, folder);
  await until(
    () => `the first again: ${one.story()}`,
    () => /connected/.test(one.stderr),
  );
  const two = join(place.url, copy);
  const words = /cop(y|ied).*manyhands worker new-host/;
  const refused = await expectNamed(two, copy, { code: 'MH-WIR-006', words });
  expect(refused).toMatchObject({ state: 'offline', code: 'MH-WIR-006' });
  const warned = await expectNamed(one, folder, { code: 'MH-WIR-006', words });
  expect(warned.state).not.toBe('offline');

  const restore = setEnvironment({ NO_COLOR: '1' });
  const renewed = await succeed('worker', 'new-host', '--data', copy);
  restore();
  const status = await until(
    () => `the copy as a host of its own: ${two.story()}`,
    async () => {
      const now = await statusYet(copy);
      return now?.trouble === null && now.pseudonym !== null && now;
    },
  );
  expect(renewed.lines).toEqual([
    {
      version: 1,
      newHost: { dataDirectory: copy, hostId: status.hostId, isRunning: true, unsentResultCount: 0 },
    },
  ]);
  const other = await statusOf(folder);
  expect(status.hostId).not.toBe(other.hostId);
  expect(status.accountId).toBe(other.accountId);
  expect(status.pseudonym).not.toBe(other.pseudonym);
  expect(two.stderr).toContain('host of its own');
  for (const worker of [one, two]) expect(await worker.stop()).toBe(0);
});

test('a host without an account key keeps its account too, and a worker that does not run is told how to join again', async () => {
  const folder = temporaryFolderSync('causes-anonymous');
  const first = join(place.url, folder);
  const before = await until(
    () => `a first connection: ${first.story()}`,
    async () => {
      const now = /connected/.test(first.stderr) && (await statusOf(folder));
      return now && now.accountId !== null && now;
    },
  );
  expect(await first.stop()).toBe(0);
  const renewed = await run('worker', 'new-host', '--data', folder);
  expect(renewed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(renewed.stdout).toContain(`Join again: manyhands worker join --data ${folder}\n`);
  const second = join(place.url, folder);
  const after = await until(
    () => `a second connection: ${second.story()}`,
    async () => {
      const now = /connected/.test(second.stderr) && (await statusOf(folder));
      return now && now.accountId !== null && now;
    },
  );
  expect(after.accountId).toBe(before.accountId);
  expect(after.hostId).not.toBe(before.hostId);
  expect(await second.stop()).toBe(0);
});

test('where no worker has joined there is nothing to renew', async () => {
  expect(await run('worker', 'new-host', '--data', temporaryFolderSync('causes-none'), '--json')).toMatchObject({
    exitCode: 2,
    code: 'MH-GEN-003',
  });
});
