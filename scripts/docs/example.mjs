// The example in TypeScript, exactly as it is type-checked.
import { readFileSync } from 'node:fs';
import { root } from './pages.mjs';

export function exampleBlock() {
  const text = readFileSync(new URL('sdk/examples/primes.ts', root), 'utf8');
  return `\`\`\`ts\n${text.trimEnd()}\n\`\`\``;
}
