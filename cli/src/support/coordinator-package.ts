// The package with the coordinator, its pages and the example. It is large and of no use to a volunteer, so it is installed by itself.
import { ManyhandsError } from '@manyhands/contract';

const NAME = '@manyhands/coordinator';
/** As `npm run pack` prints it. Both folders: npm forgets what it installed globally before, and would look for the rest in the registry. */
const INSTALL = 'npm install --global packed/*.tgz packed/coordinator/*.tgz';

/** Throws MH-GEN-015, with the line that installs the package, when it is not there. */
export function requireCoordinator(command: string): void {
  try {
    import.meta.resolve(NAME);
  } catch (cause) {
    throw new ManyhandsError('MH-GEN-015', {
      message: `\`${command}\` needs the package ${NAME}, which is not installed. From the packed files: ${INSTALL}`,
      meta: { package: NAME, install: INSTALL },
      cause,
    });
  }
}
