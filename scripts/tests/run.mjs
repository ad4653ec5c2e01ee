// Runs vitest with a temporary folder of its own, and fails when a test leaves something in it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(root, 'node_modules/vitest/vitest.mjs');
const SHOWN_MAXIMUM = 20;

/** Resolves with the exit code: that of vitest, or 1 when files are left. `output: 'none'` says only that. */
export async function runVitest(args, { environment = {}, output = 'inherit' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mh-'));
  try {
    const child = spawn(process.execPath, [VITEST, 'run', ...args], {
      cwd: root,
      stdio: ['inherit', output === 'none' ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder, ...environment },
    });
    // A terminal sends Ctrl-C to both; the folder is removed when vitest has ended.
    const pass = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on('SIGINT', ignore).on('SIGTERM', pass);
    const { code, signal } = await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
    });
    process.off('SIGINT', ignore).off('SIGTERM', pass);
    if (signal) return 1;
    return code || reportLeft(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function reportLeft(folder) {
  const left = readdirSync(folder);
  if (left.length === 0) return 0;
  console.error(
    `\nFAIL tests left ${left.length} files in the temporary folder (see temporaryFolder of @manyhands/testing):`,
  );
  for (const name of left.slice(0, SHOWN_MAXIMUM)) console.error(`  ${name}: ${contentOf(join(folder, name))}`);
  return 1;
}

function contentOf(path) {
  try {
    return readdirSync(path).slice(0, SHOWN_MAXIMUM).join(' ') || 'an empty folder';
  } catch {
    return 'a file';
  }
}
