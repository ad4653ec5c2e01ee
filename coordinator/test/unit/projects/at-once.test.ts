// The owner's texts and the operator's word that come at the same moment: no order of the two lets a project begin in silence.
import { expect, test } from 'vitest';
import { Foundings } from '../../../src/admission/foundings.js';
import { Changes } from '../../../src/config/changes.js';
import { layoutOf } from '../../../src/config/data-folder.js';
import { checkOptions } from '../../../src/config/options.js';
import { Settings } from '../../../src/config/settings.js';
import { missingFacts } from '../../../src/projects/domain/facts.js';
import { ProjectsService } from '../../../src/projects/projects.service.js';
import { SqliteProjects } from '../../../src/storage/sqlite/projects.js';
import { genesisOf, keyOf, sealed, textsOf } from '../../support/records.js';
import { testDatabase } from '../../support/storage.js';

const SILENT = { inputLicence: '', resultLicence: '', contact: '', runBy: '' };
const key = keyOf('owner');

async function waiting(isInvited = false) {
  const options = checkOptions({ dataDirectory: 'unused', isOpen: false });
  const folder = layoutOf('unused');
  const settings = new Settings(options, { folder, keySeed: new Uint8Array(32), operatorToken: 'token' });
  const projects = new ProjectsService(
    settings,
    new SqliteProjects(testDatabase()),
    new Foundings({ newcomersPerHour: 500, isExempt: () => false }),
    new Changes(),
  );
  const signer = { coordinatorId: settings.coordinatorId, key };
  const invitation = isInvited ? (await projects.invite()).invitation : null;
  const { projectId } = await projects.create(
    sealed(genesisOf('quiet', key), 'project-genesis', signer),
    invitation,
    '10.0.0.1',
  );
  const state = (change: Record<string, unknown>) =>
    projects.putTexts(projectId, sealed({ ...textsOf(projectId), ...change }, 'project-texts', signer));
  return { projects, projectId, state };
}

test.for(['the approval first', 'the texts first'])(
  'facts taken back while the project is approved: %s',
  async (order) => {
    const { projects, projectId, state } = await waiting();
    await state({ sequence: 1 });
    const calls = [() => projects.approve(projectId), () => state({ sequence: 2, ...SILENT })];
    if (order === 'the texts first') calls.reverse();
    const outcomes = await Promise.allSettled(calls.map((call) => call()));
    expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'MH-PRJ-005' } }]);
    const row = projects.require(projectId);
    expect({ isActive: row.state === 'active', isSilent: missingFacts(row).length > 0 }).toEqual(
      order === 'the texts first' ? { isActive: false, isSilent: true } : { isActive: true, isSilent: false },
    );
  },
);

test('an invited project that the operator pauses while its facts arrive stays paused', async () => {
  const { projects, projectId, state } = await waiting(true);
  await Promise.all([state({ sequence: 1 }), projects.pause(projectId)]);
  expect(projects.require(projectId)).toMatchObject({ state: 'paused', textsSequence: 1 });
});

test('the same texts twice at once are one change', async () => {
  const { state } = await waiting();
  const [first, second] = await Promise.all([state({ sequence: 1 }), state({ sequence: 1 })]);
  expect(second).toEqual(first);
});
