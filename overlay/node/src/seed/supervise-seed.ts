// Keeps the seed process alive: starts it, restarts it when it dies, at the same ports, and stops it.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ErrorBody, ManyhandsError, type OverlayNode } from '@manyhands/contract';
import { Looks } from './looks.js';
import type { FromSeed, SeedOptions, StartSeed } from './seed-messages.js';

// From here or from dist, whichever of the two this file runs from: a child process needs compiled JavaScript.
const SEED_PROCESS = fileURLToPath(new URL('../../dist/seed/seed-process.js', import.meta.url));
/** Long: on a machine that is busy or small a start may take its time. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 2_000;
const RESTART_FIRST_MS = 200;
const RESTART_MAXIMUM_MS = 10_000;
/** A seed that lived so long restarts at once again. */
const HEALTHY_MS = 30_000;

export type SeedInfo = { overlay: OverlayNode; gatewayPort: number; pid: number };
export type SeedDependencies = {
  /** Called with the bytes of blocks that left, several times a second while any do. */
  onEgress(bytes: number): void;
  /** Called when a new process has replaced one that died. */
  onRestart?(): void;
};
export type SupervisedSeed = {
  /** Where the seed is; stays the same over restarts, save the pid. */
  info(): SeedInfo;
  /** Whether the node with this peer id answers at this multiaddress now, for one connection of the seed's. Rejects with MH-GEN-004 while it restarts. */
  answersAt(whom: { peerId: string; address: string }): Promise<boolean>;
  stop(): Promise<void>;
};

/** Starts the seed and keeps it running. Rejects with MH-GEN-006 when a port is taken, MH-GEN-004 when it does not start in time. */
export async function superviseSeed(options: SeedOptions, dependencies: SeedDependencies): Promise<SupervisedSeed> {
  const supervisor = new SeedSupervisor(options, dependencies);
  await supervisor.start();
  return supervisor;
}

class SeedSupervisor implements SupervisedSeed {
  private options: SeedOptions;
  private readonly dependencies: SeedDependencies;
  private readonly looks = new Looks();
  private child: ChildProcess | undefined;
  private current: SeedInfo | undefined;
  private deaths = 0;
  private startedAtMs = 0;
  private retry: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(options: SeedOptions, dependencies: SeedDependencies) {
    this.options = options;
    this.dependencies = dependencies;
  }

  async start(): Promise<void> {
    const { child, info } = await this.spawn();
    if (this.isStopping) child.kill('SIGKILL');
    this.child = child;
    this.current = info;
    this.startedAtMs = performance.now();
    const { overlay, gatewayPort } = info;
    const overlayPort = Number(/\/tcp\/(\d+)/.exec(overlay.addresses[0] ?? '')?.[1] ?? this.options.overlayPort);
    this.options = { ...this.options, gatewayPort, overlayPort };
    child.once('exit', () => this.restart());
    if (child.exitCode !== null || child.signalCode !== null) this.restart();
  }

  info(): SeedInfo {
    if (this.current === undefined) throw new ManyhandsError('MH-GEN-001', { message: 'The seed has not started.' });
    return this.current;
  }

  answersAt({ peerId, address }: { peerId: string; address: string }): Promise<boolean> {
    return this.looks.ask({ peerId, address }, (look) => {
      if (!this.child?.connected) throw new Error('the seed has ended');
      this.child.send(look, () => {}); // without a callback a broken channel would throw
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.retry);
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    if (child.connected) child.disconnect(); // it exits by itself
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  private restart(): void {
    this.looks.failAll();
    if (this.isStopping) return;
    this.deaths = performance.now() - this.startedAtMs > HEALTHY_MS ? 0 : this.deaths + 1;
    const waitMs = Math.min(RESTART_MAXIMUM_MS, RESTART_FIRST_MS * 2 ** this.deaths);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.start().then(
        () => this.dependencies.onRestart?.(),
        () => this.restart(), // the port may still be busy for a moment
      );
    }, waitMs);
  }

  private async spawn(): Promise<{ child: ChildProcess; info: SeedInfo }> {
    // No arguments, and of the environment only where Node keeps what it compiled: the child gets nothing that it does not need.
    const { NODE_COMPILE_CACHE } = process.env;
    const env = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
    const child = fork(SEED_PROCESS, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    try {
      return { child, info: await this.handshake(child) };
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  private handshake(child: ChildProcess): Promise<SeedInfo> {
    const { keySeed, ...options } = this.options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new ManyhandsError('MH-GEN-004')), START_TIMEOUT_MS);
      const fail = (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      };
      child.on('message', (message: FromSeed) => {
        if (message.type === 'egress') this.dependencies.onEgress(message.bytes);
        else if (message.type === 'looked') this.looks.answer(message.id, message.isFound);
        else if (message.type === 'refused') fail(refusal(message.error, options));
        else {
          clearTimeout(timer);
          resolve({ overlay: message.overlay, gatewayPort: message.gatewayPort, pid: child.pid ?? 0 });
        }
      });
      child.once('error', fail);
      child.once('exit', (code, signal) =>
        fail(new ManyhandsError('MH-GEN-001', { message: `The seed process ended (${signal ?? code}).` })),
      );
      const start: StartSeed = {
        type: 'start',
        options: { ...options, keySeedHex: Buffer.from(keySeed).toString('hex') },
      };
      child.send(start, (error) => {
        if (error !== null) fail(error);
      });
    });
  }
}

/** The port that people choose is another one: the next two are the seed's. */
function refusal(
  body: ErrorBody,
  { gatewayPort, overlayPort }: { gatewayPort: number; overlayPort: number },
): ManyhandsError {
  const error = ManyhandsError.fromObject(body);
  if (error.code !== 'MH-GEN-006') return error;
  return new ManyhandsError('MH-GEN-006', {
    message: `Port ${gatewayPort} (blocks over HTTP) or ${overlayPort} (overlay) is in use. Choose another port.`,
    meta: { gatewayPort, overlayPort },
  });
}
