// Runs vitest with a temporary folder of its own, and fails when a test leaves a file in it or a process behind.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIFELINE, passSignals } from '../setup/children.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(root, 'node_modules/vitest/vitest.mjs');
const SHOWN_MAXIMUM = 20;
const LINE_MAXIMUM = 160;

/** Resolves with the exit code: that of vitest, or 1 when something is left. `output: 'none'` says only that. */
export async function runVitest(args, { environment = {}, output = 'inherit' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mh-'));
  // Some tests run what they test as an ordinary user, who must get to his own files below it.
  chmodSync(folder, 0o711);
  try {
    const child = spawn(process.execPath, [...LIFELINE.flags, VITEST, 'run', ...args], {
      cwd: root,
      stdio: ['inherit', output === 'none' ? 'ignore' : 'inherit', 'inherit', ...LIFELINE.stdio],
      env: {
        ...process.env,
        ...{ TMPDIR: folder, TEMP: folder, TMP: folder },
        // What Node compiled once; otherwise some tools keep theirs in the temporary folder.
        NODE_COMPILE_CACHE: join(root, '.build/compile-cache'),
        ...environment,
        ...LIFELINE.variables,
      },
    });
    // The folder is removed when vitest has ended.
    const stopPassing = passSignals(child);
    const { code, signal } = await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
    });
    stopPassing();
    const hasLeft = [endLeftProcesses(folder), reportLeftFiles(folder)].includes(true);
    return signal || hasLeft ? code || 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Processes know the folder by their environment, however deep below vitest they were started. Linux only. */
function endLeftProcesses(folder) {
  const pids = existsSync('/proc/self/environ') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const left = pids.filter((pid) => readProcess(pid, 'environ').includes(`TMPDIR=${folder}\0`));
  if (left.length > 0) console.error(`\nFAIL tests left ${left.length} processes:`);
  for (const pid of left) {
    console.error(`  ${readProcess(pid, 'cmdline').replaceAll('\0', ' ').slice(0, LINE_MAXIMUM)}`);
    process.kill(Number(pid), 'SIGKILL');
  }
  return left.length > 0;
}

function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile, or is another user's
  }
}

function reportLeftFiles(folder) {
  const left = readdirSync(folder);
  if (left.length === 0) return false;
  console.error(
    `\nFAIL tests left ${left.length} files in the temporary folder (see temporaryFolder of @manyhands/testing):`,
  );
  for (const name of left.slice(0, SHOWN_MAXIMUM)) console.error(`  ${name}: ${contentOf(join(folder, name))}`);
  return true;
}

function contentOf(path) {
  try {
    return readdirSync(path).slice(0, SHOWN_MAXIMUM).join(' ') || 'an empty folder';
  } catch {
    return 'a file';
  }
}
