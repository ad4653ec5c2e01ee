// A worker as a process of its own, from the built package: its statuses come back as JSON lines.
import { builtFile, TestProcess } from '@manyhands/testing';
import type { WorkerEnd, WorkerOptions, WorkerStatus } from '@manyhands/worker';

const SCRIPT = `
import { startWorker } from '${builtFile('worker/dist/index.js')}';
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
try {
  const worker = await startWorker(JSON.parse(process.argv[1]));
  process.on('SIGTERM', () => worker.stop());
  worker.onStatus((status) => say({ status }));
  say({ status: worker.status() });
  const end = await worker.done;
  say({ end });
  process.exitCode = end.exitCode;
} catch (error) {
  say({ refused: error.code, message: error.message });
  process.exitCode = 2;
}`;

type Line = { status?: WorkerStatus; end?: WorkerEnd; refused?: string; message?: string };

export class WorkerProcess extends TestProcess<Line> {
  /** `groups`: files that put a process into a control group. `imports`: modules that are loaded before it. */
  constructor(options: WorkerOptions, groups: readonly string[] = [], imports: readonly string[] = []) {
    const given = JSON.stringify({ isP2p: false, cpus: 1, nice: 0, logLevel: 'silent', ...options });
    const loaded = imports.flatMap((file) => ['--import', file]);
    const args = [...loaded, '--input-type=module', '-e', SCRIPT, given];
    if (groups.length === 0) super('worker', args);
    else {
      const enter = groups.map((file) => `echo $$ > ${file}`).join(' && ');
      super('worker', ['-c', `${enter} && exec "$0" "$@"`, process.execPath, ...args], { executable: '/bin/sh' });
    }
  }

  status(): WorkerStatus | undefined {
    return this.lines.findLast(({ status }) => status)?.status;
  }

  end(): Line {
    return this.lines.findLast(({ end, refused }) => end || refused) ?? {};
  }
}
