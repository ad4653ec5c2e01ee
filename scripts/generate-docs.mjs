// Writes the parts of the documentation that are made from code; with --check it only fails when they are stale, and when a text
// names a path, a command or an option that does not exist. Needs the build.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { proveTexts } from './docs/check-texts.mjs';
import { commandsBlock, commandTree } from './docs/commands.mjs';
import { errorsBlock } from './docs/errors.mjs';
import { exampleBlock } from './docs/example.mjs';
import { limitBlocks } from './docs/limits.mjs';
import { metricsBlock } from './docs/metrics.mjs';
import { fillBlocks, markdownFiles, root } from './docs/pages.mjs';

const faults = [];
const commands = await commandTree();
const blocks = {
  commands: commandsBlock(commands),
  errors: errorsBlock(),
  example: exampleBlock(),
  metrics: metricsBlock(),
  ...limitBlocks(faults),
};
const isCheck = process.argv.includes('--check');
const used = new Set();
for (const name of markdownFiles()) {
  const file = new URL(name, root);
  const before = readFileSync(file, 'utf8');
  const after = fillBlocks(before, { blocks, used, name });
  if (after !== before && isCheck) faults.push(`${name} is stale: run node scripts/generate-docs.mjs`);
  else if (after !== before) writeFileSync(file, after);
  faults.push(...proveTexts(name, after, commands));
}
for (const block of Object.keys(blocks))
  if (!used.has(block)) faults.push(`no page has a place for the block ${block}`);
if (!existsSync(new URL('LIMITS.md', root))) faults.push('LIMITS.md is missing');
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
