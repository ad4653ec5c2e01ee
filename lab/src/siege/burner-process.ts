// Burns a share of one core: what a batch suffers by that alone is no fault of the coordinator's.
import type { BurnerAsk, BurnerSay } from './messages.js';

const SLICE_MS = 50;

const say = (message: BurnerSay): void => void process.send?.(message);
let isRunning = false;
let beganMs = 0;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Catches up with its share: a busy machine gives it late what it asks for. */
function burn(share: number, before: number): void {
  if (!isRunning) return;
  const until = performance.now() + SLICE_MS;
  const wantedMs = (): number => share * (performance.now() - beganMs);
  while (performance.now() < until && cpuMs() - before < wantedMs());
  setTimeout(() => burn(share, before), cpuMs() - before < wantedMs() ? 0 : SLICE_MS);
}

process.on('message', (message: BurnerAsk) => {
  isRunning = message.type === 'begin';
  if (message.type === 'begin') {
    beganMs = performance.now();
    burn(Math.min(1, message.share), cpuMs());
    say({ type: 'begun' });
  } else say({ type: 'ended', cpuMs: cpuMs() });
});
process.on('disconnect', () => process.exit(0));
