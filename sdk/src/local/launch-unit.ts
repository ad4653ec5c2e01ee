// Starts the process that runs one unit here, behind the wall.
import { fileURLToPath } from 'node:url';
import { type Confined, launch, readablePaths, type Wall } from '@manyhands/sandbox';

const ZONE = { packageFolder: new URL('../..', import.meta.url), name: 'unit' };

export function launchUnit({ memoryBytes }: { memoryBytes: number }, wall: Wall): Confined {
  return launch(
    {
      script: fileURLToPath(new URL('./unit/unit-process.js', import.meta.url)),
      nodeFlags: ['--no-addons'],
      reads: readablePaths(ZONE),
      memoryBytes,
    },
    wall,
  );
}
