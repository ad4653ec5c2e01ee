// What the texts name must exist: files, commands, options.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { root } from './pages.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.build', '.git']);
const TOP = /^(?:cli|coordinator|docker|docs|lab|overlay|scripts|sdk|web|work-units|worker)\//;
const SOURCE = /^[\w.@-]+(?:\/[\w.@-]+)*\.(?:ts|tsx|mjs|json|sh|md|yaml|c)$/;
/** Pages whose backticked paths are names of files of this repository; elsewhere they may be a reader's own. */
const NAMES_SOURCES = new Set(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'LIMITS.md', 'SECURITY.md']);

const files = [...filesBelow('')];

function* filesBelow(folder) {
  for (const entry of readdirSync(new URL(`./${folder}`, root), { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(`${path}/`);
    else yield path;
  }
}

/** Every fault of one page as a sentence. */
export function proveTexts(name, text, commands) {
  return [...deadLinks(name, text), ...deadPaths(name, text), ...deadCommands(name, text, commands)];
}

function deadLinks(name, text) {
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, link, image]) => link ?? image,
  );
  return targets
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(new URL(posix.join(dirname(name), target), root)))
    .map((target) => `${name} links to ${target}, which does not exist`);
}

/** `a/b.ts` from the top, or the end of a longer path. */
function deadPaths(name, text) {
  const words = [...text.matchAll(/`([^`\s]+)`/g)].map(([, word]) => word.replace(/#\w+$/, ''));
  const isNamed = (path) => TOP.test(path) || (NAMES_SOURCES.has(name) && SOURCE.test(path));
  const exists = (path) =>
    existsSync(new URL(path, root)) ||
    files.some((file) => file === path || file.endsWith(`/${path}`)) ||
    (path.includes('*') && files.some((file) => likeOf(path).test(file)));
  return words
    .filter((path) => isNamed(path) && !exists(path))
    .map((path) => `${name} names ${path}, which does not exist`);
}

const likeOf = (path) => new RegExp(`^${path.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')}(?:/|$)`);

/** In examples: `manyhands worker join URL --cpus 2` must be a command with that option. */
function deadCommands(name, text, commands) {
  const examples = [...text.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+)`/g)]
    .map(([, block, inline]) => (block ?? inline).replace(/\\\n\s*/g, ' '))
    .flatMap((part) => part.split('\n'))
    .flatMap((line) => [...line.matchAll(/\bmanyhands ((?:[a-z-]+ ?)+.*)/g)].map(([, words]) => words));
  return examples.flatMap((example) => {
    const command = commandOf(example, commands);
    const options = [...example.matchAll(/(?<=^|[\s[(|])--[a-z][a-z0-9-]*/g)].map(([option]) => option);
    return options
      .filter((option) => !command.help.includes(option))
      .map((option) => `${name}: manyhands ${command.words.join(' ')} has no option ${option}`);
  });
}

function commandOf(example, commands) {
  const words = example.split(/\s+/);
  const fitting = commands.filter((command) => command.words.every((word, index) => word === words[index]));
  return fitting.reduce((longest, command) => (command.words.length > longest.words.length ? command : longest));
}
