// The pages of the documentation, and the places in them that are made from code: <!-- made: name --> ... <!-- /made -->.
import { readdirSync } from 'node:fs';

export const root = new URL('../../', import.meta.url);

const PLACE = /<!-- made: ([a-z-]+) -->\n[\s\S]*?<!-- \/made -->/g;

/** Markdown files at the top and below docs, sorted by name. */
export function markdownFiles() {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const below = readdirSync(new URL('docs', root), { recursive: true }).map(String);
  const pages = below.filter((name) => name.endsWith('.md')).map((name) => `docs/${name.replaceAll('\\', '/')}`);
  return [...top, ...pages].sort();
}

/** The text with all its blocks fresh. Throws when it names one that does not exist. */
export function fillBlocks(text, { blocks, used, name }) {
  return text.replace(PLACE, (_, block) => {
    if (!(block in blocks)) throw new Error(`${name} has a place for ${block}, which nothing makes`);
    used.add(block);
    return `<!-- made: ${block} -->\n${blocks[block]}\n<!-- /made -->`;
  });
}

/** Rows as a table; `|` in cells is escaped. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
