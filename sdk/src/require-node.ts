// Ends the process with one line under a Node that is too old. Written for any Node that knows modules.
import { readFileSync } from 'node:fs';

/** What `engines` of this package asks for, as in `>=22.12`. */
const { engines, name } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  engines: { node: string };
  name: string;
};
const [major = 0, minor = 0] = engines.node.replace('>=', '').split('.').map(Number);
const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);

if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  console.error(
    `${name} needs Node ${major}.${minor} or newer, and this is Node ${process.versions.node}: install a newer one (https://nodejs.org).`,
  );
  process.exit(1);
}
