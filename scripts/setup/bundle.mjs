// Puts the sources of each package, and what it needs of others that nobody else shares, into few files: a process that starts reads
// a handful of modules instead of two thousand. Types come from the compiler.
import { readdirSync, rmSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { bundledPackages } from './entries.mjs';
import { writeNotices } from './notices.mjs';
import { at, fail } from './places.mjs';

const CHUNKS = 'chunks';
/** What the libraries use where it is installed, and do without here. */
const NOT_INSTALLED = [
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/platform-socket.io',
  'class-transformer',
  'class-validator',
];

/** What a module knows as its own place, while its code lies in another file. */
const placeMark = (path) => `__placeOf(${JSON.stringify(path)})`;
const PLACE_MARKS = /__placeOf\("([^"]+)"\)/g;

/** Modules find what lies beside them by `import.meta.url`: it stays what it is without bundling. */
function ownPlaces(folder) {
  const source = at(folder, 'src') + sep;
  return {
    name: 'own-places',
    transform(code, id) {
      if (!id.startsWith(source) || !code.includes('import.meta.url')) return null;
      const path = relative(source, id).split(sep).join('/').replace(/\.ts$/, '.js');
      return { code: code.replaceAll('import.meta.url', placeMark(path)), map: null };
    },
    renderChunk(code, { fileName }) {
      if (!code.includes('__placeOf(')) return null;
      const placed = code.replace(PLACE_MARKS, (_, path) => {
        const way = posix.relative(posix.dirname(fileName), path);
        return path === fileName ? 'import.meta.url' : `new URL(${JSON.stringify(`./${way}`)}, import.meta.url).href`;
      });
      return { code: placed, map: null };
    },
  };
}

const isOf = (name) => (id) => id === name || id.startsWith(`${name}/`);

/** Resolves with the names of the written files, and the modules that went into them. */
async function bundle(folder, { entries, isOneFile }, external) {
  const isExternal = [...external, ...NOT_INSTALLED].map(isOf);
  const built = await rolldown({
    cwd: at(folder),
    input: Object.fromEntries(entries.map((entry) => [entry, `./src/${entry}.ts`])),
    platform: 'node',
    tsconfig: at(folder, 'tsconfig.json'),
    external: (id) => isExternal.some((isIt) => isIt(id)),
    plugins: [ownPlaces(folder)],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(`${folder}: ${log.message}`);
    },
  });
  const { output } = await built.write({
    dir: at(folder, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${CHUNKS}/[name]-[hash].js`,
    codeSplitting: !isOneFile,
    comments: false,
  });
  await built.close();
  return { files: output.map(({ fileName }) => fileName), modules: output.flatMap(({ moduleIds = [] }) => moduleIds) };
}

/** What an earlier run wrote and this one did not: it would go on working here and nowhere else. Pages and types are written by others. */
function removeStale(folder, files) {
  const isKept = new Set(files);
  for (const path of readdirSync(at(folder, 'dist'), { recursive: true })) {
    const name = String(path).split(sep).join('/');
    if (/^(?!site\/).+\.js(\.map)?$/.test(name) && !isKept.has(name)) rmSync(at(folder, 'dist', name));
  }
}

async function bundlePackage({ folder, bundles, external }) {
  const made = await Promise.all(bundles.map((one) => bundle(folder, one, external)));
  const files = made.flatMap((one) => one.files);
  removeStale(folder, files);
  writeNotices(
    folder,
    made.flatMap(({ modules }) => modules),
  );
}

try {
  await Promise.all(bundledPackages().map(bundlePackage));
} catch (error) {
  fail(error.message, 1);
}
