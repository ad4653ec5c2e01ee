// What Node loads first. All else is imported by name only when this Node can do what it needs: an import at the top of a file is read,
// and fails with a stack that says nothing, before any line of that file runs. Types come from index.ts.
import './require-node.js';

export const {
  Account,
  App,
  Batch,
  buildLocally,
  buildProgram,
  buildsDirectory,
  buildsOf,
  Coordinator,
  connect,
  DEFAULT_MEMORY_MAXIMUM_BYTES,
  defaultDataDirectory,
  estimate,
  fuelMaximumOf,
  inspectProgram,
  Operator,
  openAccount,
  Project,
  readProgram,
  Result,
  reproduceUnit,
  runLocally,
  UnitNames,
} = await import('./index.js');
