// `npm run lab:naps`: the test of a laptop that sleeps, with the times of everyday life instead of a tenth of them.
import { runVitest } from './tests/run.mjs';

const environment = { MANYHANDS_NAPS_SCALE: '1' };
process.exitCode = await runVitest(['--project', 'long', 'docker/system-tests/e2e/naps'], { environment });
