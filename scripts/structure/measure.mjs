// What is measured of a package: who imports whom, and how long its files and functions are. Reads sources only; type imports count.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

const FILE_LINES_MAXIMUM = 300;
const FUNCTION_LINES_MAXIMUM = 60;

/** The modules below `src` of a package, by their path from there. */
export function readModules(folder) {
  const names = globSync('**/*.{ts,tsx}', { cwd: join(folder, 'src') }).map((name) => name.replaceAll('\\', '/'));
  return new Map(
    names.filter((name) => !name.endsWith('.d.ts')).map((name) => [name, readModule(join(folder, 'src', name), name)]),
  );
}

function readModule(path, name) {
  const text = readFileSync(path, 'utf8');
  const kind = name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  return { lines: text.split('\n').length - 1, imports: importsOf(source, name), ...facts(source) };
}

/** Modules of the same package that a module imports, by their path without the ending. */
function importsOf(source, name) {
  const found = [];
  const visit = (node) => {
    const specifier =
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0];
    if (specifier && ts.isStringLiteral(specifier) && specifier.text.startsWith('.'))
      found.push(posix.join(dirname(name), specifier.text).replace(/\.(js|jsx|ts|tsx)$/, ''));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function facts(source) {
  const longFunctions = [];
  let exports = 0;
  let documented = 0;
  const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
      if (lines > FUNCTION_LINES_MAXIMUM) longFunctions.push({ name: node.name?.getText() ?? '(unnamed)', lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const statement of source.statements) {
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    exports += 1;
    if (ts.getJSDocCommentsAndTags(statement).length > 0) documented += 1;
  }
  return { longFunctions, exports, documented };
}

/** Arrows between folders that stand beside each other, at every depth: `{ within, from, to, count }`. */
export function arrowsOf(modules) {
  const arrows = new Map();
  for (const [name, { imports }] of modules) {
    for (const target of imports) {
      const [own, other] = [name.split('/'), target.split('/')];
      let depth = 0;
      while (depth < Math.min(own.length, other.length) - 1 && own[depth] === other[depth]) depth += 1;
      // A file that stands beside folders belongs to none of them.
      if (depth >= own.length - 1 || depth >= other.length - 1) continue;
      const within = own.slice(0, depth).join('/');
      const key = JSON.stringify([within, own[depth], other[depth]]);
      arrows.set(key, (arrows.get(key) ?? 0) + 1);
    }
  }
  return [...arrows].map(([key, count]) => {
    const [within, from, to] = JSON.parse(key);
    return { within, from, to, count };
  });
}

/** Folders that import each other. */
export function pairsOf(arrows) {
  const isThere = (within, from, to) =>
    arrows.some((arrow) => arrow.within === within && arrow.from === from && arrow.to === to);
  return arrows.filter(({ within, from, to }) => from < to && isThere(within, to, from));
}

/** Arrows to a folder that stands behind in the order, and those to or from one that has no place in it. */
export function upwardsOf(arrows, within, order) {
  const placeOf = (folder) => (order.includes(folder) ? order.indexOf(folder) : undefined);
  return arrows.filter((arrow) => {
    if (arrow.within !== within) return false;
    const [from, to] = [placeOf(arrow.from), placeOf(arrow.to)];
    return from === undefined || to === undefined || from < to;
  });
}

/** Modules that reach themselves (Tarjan 1972: strongly connected components). */
export function cyclesOf(modules) {
  const ids = new Map([...modules.keys()].map((name) => [name.replace(/\.tsx?$/, ''), name]));
  const order = new Map();
  const low = new Map();
  const open = [];
  const cycles = [];
  const visit = (id) => {
    order.set(id, order.size);
    low.set(id, order.get(id));
    open.push(id);
    for (const next of modules.get(ids.get(id)).imports.filter((target) => ids.has(target))) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) low.set(id, Math.min(low.get(id), low.get(next)));
    }
    if (low.get(id) !== order.get(id)) return;
    const component = open.splice(open.indexOf(id));
    if (component.length > 1) cycles.push(component.sort());
  };
  for (const id of ids.keys()) if (!order.has(id)) visit(id);
  return cycles;
}

export function longFilesOf(modules) {
  return [...modules].flatMap(([name, { lines }]) => (lines > FILE_LINES_MAXIMUM ? [{ name, lines }] : []));
}

export function longFunctionsOf(modules) {
  return [...modules].flatMap(([file, { longFunctions }]) => longFunctions.map((one) => ({ file, ...one })));
}

export function documentedOf(modules) {
  const all = [...modules.values()];
  const sum = (what) => all.reduce((total, module) => total + module[what], 0);
  return { exports: sum('exports'), documented: sum('documented') };
}
