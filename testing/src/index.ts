// What the tests of all parts share. Only tests import it; it runs from its sources and is never published.
export { temporaryFolder, temporaryFolderSync } from './folders.js';
export { builtFile, LAUNCHER, UNDER_TEST } from './installation.js';
export { atEnd, type Lifetime, lifetimeNow } from './lifetime.js';
export { type Finished, type JsonLine, ManyhandsProcess, manyhands } from './manyhands-process.js';
export { somePeerId } from './peer-ids.js';
export { type ProcessOptions, TestProcess } from './process.js';
export { randomOf, seedOf } from './seeds.js';
export { childrenOf, cpuMsOf, innermostOf, isAlive } from './system.js';
export { until } from './until.js';
export { clockWrongBy } from './wrong-clock.js';
