// The attacker: one attack in a process of its own, so that what it takes of the processor is known.
import { Siege } from './attack.js';
import { ATTACKS } from './attacks/index.js';
import type { AttackerAsk, AttackerSay } from './messages.js';

const say = (message: AttackerSay): void => void process.send?.(message);
let siege: Siege | undefined;
let beganMs = 0;
let before = process.cpuUsage();

function begin({ attack: name, ...options }: Extract<AttackerAsk, { type: 'begin' }>): void {
  const attack = ATTACKS.find((one) => one.name === name);
  if (!attack) throw new Error(`there is no attack ${name}`);
  siege = new Siege(options);
  beganMs = performance.now();
  before = process.cpuUsage();
  attack.run(siege).catch((error: unknown) => {
    process.stderr.write(`the attack ${name} ended early: ${error}\n`);
    siege?.note('broken');
  });
  say({ type: 'begun' });
}

function end(): void {
  if (!siege) return;
  siege.end();
  const { user, system } = process.cpuUsage(before);
  const { requests, notes } = siege;
  const elapsedMs = performance.now() - beganMs;
  say({ type: 'ended', requests, cpuMs: (user + system) / 1000, elapsedMs, notes });
}

process.on('message', (message: AttackerAsk) => {
  if (message.type === 'begin') begin(message);
  else end();
});
process.on('disconnect', () => process.exit(0));
