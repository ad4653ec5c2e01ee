// The package with the coordinator, its pages and the example. It is large and of no use to a volunteer, so it is installed by itself.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManyhandsError } from '@manyhands/contract';
import { VERSION } from './version.js';

const NAME = '@manyhands/coordinator';

/** Throws MH-GEN-015, with the line that installs the package, when it is not there. */
export function requireCoordinator(command: string): void {
  try {
    import.meta.resolve(NAME);
  } catch (cause) {
    const line = installLine();
    throw new ManyhandsError('MH-GEN-015', {
      message: `\`${command}\` needs the package ${NAME}, which is not installed. Where the packed files are: ${line}`,
      meta: { package: NAME, install: line },
      cause,
    });
  }
}

/** Beside this package, which npm keeps in `lib/node_modules` when it was installed for the whole computer. */
function installLine(): string {
  const holder = dirname(fileURLToPath(new URL('../..', import.meta.url)));
  const isGlobal = /[\\/](lib|npm)[\\/]node_modules$/.test(holder);
  const files = ['manyhands-coordinator', 'manyhands-unit-prophage'].map((name) => `${name}-${VERSION}.tgz`);
  return `npm install ${isGlobal ? '--global ' : ''}${files.join(' ')}`;
}
