// Entry of the child process that checks one module and ends.
import { type CheckRequest, checkModule } from './check-module.js';

process.once('message', async (request: CheckRequest) => {
  const verdict = await checkModule(request);
  process.send?.(verdict, () => process.exit());
});
process.once('disconnect', () => process.exit());
