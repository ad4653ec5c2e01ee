// Builds modules one after the other and says for each how it went; run by itself, so that time and memory can be measured.
// Input: files as arguments. Output: one line of JSON each.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildApp } from '@manyhands/instrument';

const LIMITS = { memoryMaximumBytes: 128 * 2 ** 20, moduleMaximumBytes: 64 * 2 ** 20 };

const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

for (const file of process.argv.slice(2)) {
  const before = process.cpuUsage();
  let result;
  try {
    const built = await buildApp(readFileSync(file), LIMITS);
    result = { code: null, message: '', digests: Object.values(built.builds).map(digestOf) };
  } catch (error) {
    result = { code: error?.code ?? null, message: String(error?.message ?? error), digests: [] };
  }
  const { user, system } = process.cpuUsage(before);
  const { maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ file, ...result, cpuMs: (user + system) / 1000, peakBytes: maxRSS * 1024 }));
}
