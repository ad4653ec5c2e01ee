// The state of the host from a snapshot: put onto that of a unit that has just begun, every value checked against the limits and the other values.
import { createDescriptorTable } from '../descriptors/descriptor-table.js';
import type { HostState } from '../host/host-state.js';
import type { UnitLimits } from '../limits.js';
import { copied } from './contents.js';
import { Reading } from './reading.js';
import { restoreDescriptors } from './restore-descriptors.js';
import { type InputContents, restoreTree } from './restore-tree.js';
import type { OpenSnapshot } from './snapshot-format.js';

const reading = new Reading('MH-CKP-004');

export type HostSource = { snapshot: OpenSnapshot; inputs: InputContents; limits: UnitLimits };

/** Takes the contents and ends the reading of the snapshot. Throws ManyhandsError MH-CKP-004, and MH-CKP-001 when it is too short or too long. */
export function restoreHost(state: HostState, { snapshot, inputs, limits }: HostSource): void {
  const { take } = snapshot;
  const [served, stdoutSize, nextInode, nodes, descriptors] = reading.list(snapshot.host, 'the state of the host', 5);
  // Each byte of randomness costs fuel.
  state.random.servedBytes = reading.integer(served, 'the position of the randomness', snapshot.fuel);
  state.stdout = copied(take(reading.integer(stdoutSize, 'the size of stdout', limits.outputMaximumBytes)));
  const stderrSize = reading.integer(snapshot.stderrSizeBytes, 'the size of stderr', 2 * limits.stderrTailBytes);
  state.stderrTail = copied(take(stderrSize));
  state.tree = restoreTree({ nextInode, nodes }, { inputs, take, maximumBytes: limits.fileTreeMaximumBytes });
  state.descriptors = createDescriptorTable(limits.openFilesMaximum);
  restoreDescriptors(state, descriptors);
  snapshot.finish();
}
