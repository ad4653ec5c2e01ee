// JavaScript that has escaped from V8, in the place of a confined process: tries whatever it can think of, on its first thread and on one
// that lifts Node's own limits, and says over its channel what went through. Told `fill`, it takes memory until it is ended.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  process.on('message', async (message) => {
    // Each of the places is asked in its own way; only the test asks in this one.
    if (message.attack) process.send({ found: await attackFromBoth(message.attack) });
    else fill();
  });
} else {
  parentPort.postMessage(await attack(workerData));
}

async function attackFromBoth(targets) {
  const first = await attack(targets);
  return { first, lifted: await attackFromThread(targets) };
}

/** `execArgv: []` takes the flags away, and `eval` needs no file. */
function attackFromThread(targets) {
  return new Promise((resolve) => {
    const code = readFileSync(new URL(import.meta.url), 'utf8');
    const url = `data:text/javascript,${encodeURIComponent(code)}`;
    const thread = new Worker(`import(${JSON.stringify(url)})`, { eval: true, execArgv: [], workerData: targets });
    thread.once('message', resolve);
    thread.once('error', (error) => resolve({ found: [], seen: [], error: String(error) }));
  });
}

function fill() {
  const kept = [];
  for (;;) kept.push(Buffer.alloc(64 * 1024 * 1024, 1));
}

/** What went through, as `what: where`. */
async function attack(targets) {
  const found = [];
  const tries = async (what, act, where) => {
    try {
      const said = await act();
      const detail = where ?? said;
      found.push(detail === undefined ? what : `${what}: ${detail}`);
    } catch {
      // as it should be
    }
  };
  const fs = await import('node:fs');
  const { dirname, join } = await import('node:path');
  await reads(targets, { tries, fs, join });
  await writes(targets, { tries, fs, join });
  await starts(targets, tries);
  await connects(targets, tries);
  await signals(targets, { tries, fs });
  // What it was shown may be read: the list is compared by the test.
  const seen = [];
  for (const root of ['/', dirname(process.execPath), ...targets.folders]) walk(root, { seen, fs, join });
  return { found, seen: [...new Set(seen)] };
}

async function reads({ secrets, folders }, { tries, fs, join }) {
  const others = ['/proc/self/environ', '/proc/self/maps', '/proc/1/cmdline', `/proc/${process.ppid}/environ`];
  const system = ['/etc/passwd', '/etc/hostname', '/proc/version', '/sys/kernel/mm', '/dev/null'];
  for (const path of [...secrets, ...others, ...system]) {
    await tries('read', () => fs.readFileSync(path), path);
    await tries('read later', () => fs.promises.readFile(path), path);
    await tries('open to write', () => fs.closeSync(fs.openSync(path, 'r+')), path);
  }
  for (const folder of [...folders, '/etc', '/proc', '/home', '/tmp', '/dev', '/sys', '/root'])
    await tries('list', () => `${folder} (${fs.readdirSync(folder).join(' ')})`);
  for (const secret of secrets) {
    await tries('sqlite', async () => {
      const { DatabaseSync } = await import('node:sqlite');
      new DatabaseSync(secret).prepare('select 1').get();
      return secret;
    });
    await tries('sqlite attach', async () => {
      const { DatabaseSync } = await import('node:sqlite');
      new DatabaseSync(':memory:').exec(`attach '${join(secret, '..', 'attached.db')}' as a; create table a.t (x)`);
      return secret;
    });
    await tries('import', async () => await import(secret), secret);
  }
}

async function writes({ secrets, folders }, { tries, fs, join }) {
  const here = import.meta.url.startsWith('file:') ? [join(new URL(import.meta.url).pathname, '..')] : [];
  for (const folder of [...folders, ...here, '/', '/tmp', '/dev/shm', '/var/tmp', process.cwd()]) {
    const path = () => join(folder, `manyhands-hostile-${randomUUID()}`);
    const made = async (what, make) => {
      const where = path();
      await tries(what, async () => {
        const name = (await make(where)) ?? where;
        fs.rmSync(name, { recursive: true, force: true });
        return where;
      });
    };
    await made('write', (where) => fs.writeFileSync(where, 'x'));
    await made('make a folder', (where) => void fs.mkdirSync(where));
    await made('link', (where) => fs.symlinkSync('/etc/passwd', where));
    await made('temporary folder', (where) => fs.mkdtempSync(where));
    await made('sqlite file', async (where) => {
      const { DatabaseSync } = await import('node:sqlite');
      const database = new DatabaseSync(where);
      database.exec('create table t (x)');
      database.close();
    });
  }
  for (const path of [...secrets, process.execPath]) {
    await tries('append', () => fs.appendFileSync(path, ''), path);
    await tries('mode', () => fs.chmodSync(path, 0o777), path);
    await tries('times', () => fs.utimesSync(path, 0, 0), path);
    await tries('remove', () => fs.unlinkSync(path), path);
    await tries('rename', () => fs.renameSync(path, `${path}x`), path);
    await tries('truncate', () => fs.truncateSync(path, 0), path);
  }
}

async function starts(_targets, tries) {
  const { spawnSync, execFileSync, fork } = await import('node:child_process');
  for (const file of [process.execPath, '/bin/sh', '/usr/bin/env'])
    await tries('start', () => {
      const { error } = spawnSync(file, ['--version']);
      if (error) throw error;
      return file;
    });
  await tries('start', () => execFileSync('/bin/sh', ['-c', 'id']).toString());
  await tries('fork', async () => {
    const child = fork('/dev/null', { execArgv: [], stdio: 'ignore' });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child.pid;
  });
}

async function connects({ tcpPort, controlSocket, abstractSocket }, tries) {
  const { connect, createServer } = await import('node:net');
  const connected = (options) =>
    new Promise((resolve, reject) => {
      const socket = connect(options, () => resolve(JSON.stringify(options)));
      socket.once('connect', () => socket.destroy());
      socket.once('error', reject);
    });
  await tries('connect', () => connected({ port: tcpPort, host: '127.0.0.1' }));
  await tries('connect', () => connected({ port: tcpPort, host: '::1' }));
  await tries('connect', () => connected({ path: controlSocket }));
  await tries('connect', () => connected({ path: `\0${abstractSocket}` }));
  const listening = (options) =>
    new Promise((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(options, () => resolve(JSON.stringify(options)));
      server.once('listening', () => server.close());
    });
  await tries('listen', () => listening({ port: 0, host: '127.0.0.1' }));
  await tries('listen', () => listening({ path: `\0hostile-${randomUUID()}` }));
  await tries('udp', async () => {
    const { createSocket } = await import('node:dgram');
    const socket = createSocket('udp4');
    await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.send('x', tcpPort, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
    socket.close();
  });
  await tries('names', async () => (await import('node:dns')).promises.resolve4('localhost'));
  await tries('fetch', async () => (await fetch(`http://127.0.0.1:${tcpPort}/`)).status);
}

async function signals({ victim, parent }, { tries, fs }) {
  // In a namespace of its own the parent has no number.
  for (const pid of [victim, parent, process.ppid].filter((each) => each !== 0)) {
    await tries('signal', () => process.kill(pid, 0), pid);
    await tries('debug', () => process._debugProcess(pid), pid);
    await tries('memory', () => fs.closeSync(fs.openSync(`/proc/${pid}/mem`, 'r')), pid);
    await tries('priority', async () => (await import('node:os')).setPriority(pid, 19), pid);
  }
  await tries('signal', () => process.kill(-1, 0), 'all');
  await tries('inspector', async () => {
    const { open, url } = await import('node:inspector');
    open(0);
    if (!url()) throw new Error('no inspector');
    return url();
  });
}

/** All files that can be opened below a folder. */
function walk(folder, { seen, fs, join }) {
  let entries;
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (seen.length > 20_000) return;
    if (entry.isDirectory()) walk(path, { seen, fs, join });
    else if (!entry.isSymbolicLink()) {
      try {
        fs.closeSync(fs.openSync(path, 'r'));
        seen.push(path);
      } catch {
        // not for it
      }
    }
  }
}
