// Builds modules one after the other and says for each how it went; run by itself, so that time and memory can be measured.
// Input: files as arguments. Output: one line of JSON each.
import { readFileSync } from 'node:fs';
import { buildApp } from '@manyhands/instrument';

const LIMITS = { memoryMaximumBytes: 128 * 2 ** 20, moduleMaximumBytes: 64 * 2 ** 20 };

for (const file of process.argv.slice(2)) {
  const before = process.cpuUsage();
  let result;
  try {
    const built = await buildApp(readFileSync(file), LIMITS);
    result = { code: null, message: '', buildBytes: Object.values(built.builds).map(({ length }) => length) };
  } catch (error) {
    result = { code: error?.code ?? null, message: String(error?.message ?? error), buildBytes: [] };
  }
  const { user, system } = process.cpuUsage(before);
  const { maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ file, ...result, cpuMs: (user + system) / 1000, peakBytes: maxRSS * 1024 }));
}
