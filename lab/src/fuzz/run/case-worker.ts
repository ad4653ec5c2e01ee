// Runs cases in a dedicated worker of a browser; bundled into one script.
import type { EngineCase } from './engine-case.js';
import { runCase } from './run-case.js';

type Task = { cases: EngineCase[]; sliceSeed: number };

addEventListener('message', ({ data }: MessageEvent<Task>) => {
  try {
    postMessage(data.cases.map((engineCase) => runCase(engineCase, { isWholeToo: false, sliceSeed: data.sliceSeed })));
  } catch (error) {
    postMessage(String(error));
  }
});
