import { describe, expect, test } from 'vitest';
import { expiredBatch, OLDER_BATCH_ID, openBatch, otherProject, plainBatch, project } from '../fixtures/answers.js';
import { readEnglish } from './english.js';
import { type DrawOptions, drawPage } from './render.js';

readEnglish();

const PATH = `/projects/${project.projectId}`;
const draw = (scene: DrawOptions['scene'], path = PATH) => drawPage(path, { scene });

describe('the page of a project', () => {
  test('shows the question, how far it is, who helps, and the results as a table', async () => {
    const { text, html } = await draw('running');
    expect(html).toContain(`<title>${project.question} · Manyhands</title>`);
    expect(html).toMatch(new RegExp(`<h1[^>]*>${project.question.replace('?', '\\?')}</h1>`));
    expect(text).toContain('Happening now · batch known-prophage, 1 min old');
    expect(text).toContain('45 of 68 units are done and checked');
    expect(text).toContain('About 28 seconds left (22 to 37)');
    expect(text).toContain('45 accepted 6 being checked 8 running now 9 waiting');
    expect(text).toContain('Helping right now 4 people, 16 computers');
    expect(text).toContain('9 matching stretches found so far');
    expect(text).toContain('1,191,160 to 1,193,934');
    expect(text).toContain('The last bar is the interval that is still running.');
    expect(html).toContain('bg-lamp ');
  });

  test('states its terms, who runs it and where to ask', async () => {
    const { text, html } = await draw('running');
    expect(text).toContain(`Run by ${project.runBy} Contact ${project.contact}`);
    expect(text).toContain(
      `Licence of the inputs ${project.inputLicence} Licence of the results ${project.resultLicence}`,
    );
    expect(html).toContain(`href="mailto:${project.contact}"`);
    const { text: silent } = await draw('several', `/projects/${otherProject.projectId}`);
    expect(silent).toContain(
      'Run by not stated Contact not stated Licence of the inputs not stated Licence of the results not stated',
    );
  });

  test('names the complete command for joining this project', async () => {
    expect((await draw('running')).text).toContain(
      '$ node cli/bin/manyhands.js worker join https://hands.example.org --project lambda-in-536',
    );
  });

  test('of a finished batch keeps its chart and its people, and says when it ended', async () => {
    const { text, html } = await draw('complete');
    expect(text).toMatch(/Batch known-prophage, finished at \d\d:\d\d/);
    expect(text).toContain('All 68 units are done and checked');
    expect(text).toContain('How fast it went');
    expect(text).toContain('From the first accepted unit to the last. Dashed: mean 5.');
    expect(text).toContain('Who helped 7 people, 24 computers');
    expect(text).toContain('11 matching stretches found The longest');
    expect(text).not.toMatch(/still running|first bar appears|right now|waiting for work|away|Happening now|time left/);
    expect(html).not.toContain('bg-lamp ');
  });

  test('tells what was cancelled from what failed, everywhere', async () => {
    const { text, html } = await draw('cancelled');
    expect(text).toContain('Cancelled by its scientist after 22 of 68 units');
    expect(text).toMatch(/cancelled at \d\d:\d\d( [AP]M)?; 2 failed, 44 cancelled/);
    expect(text).toContain('22 accepted 2 failed 44 cancelled');
    expect(text).toContain('The batch was cancelled before it was done. MH-VAL-004 44');
    expect(text).toContain('The table of matches is full. MH-VAL-001 MH-UNIT-002 2');
    expect(text).toContain('Units that were only ended with their batch did not fail.');
    expect(text).toContain(`batch retry ${openBatch.batchId} --coordinator`);
    expect(text).not.toMatch(/no reason/i);
    expect(html).toContain('s-cancelled');
  });

  test.each([
    [
      'expired',
      'Time ran out after 22 of 68 units',
      '46 expired',
      'The batch expired before it was done. MH-VAL-005 46',
    ],
    [
      ...(['stopped', 'Stopped by the operator after 22 of 68 units', '46 stopped by the operator'] as const),
      'The operator stopped the program before it was done. MH-VAL-006 46',
    ],
  ] as const)('advises nothing where nothing failed: %s', async (scene, headline, counts, reason) => {
    const { text } = await draw(scene);
    expect(text).toContain(headline);
    expect(text).toContain(counts);
    expect(text).toContain(reason);
    expect(text).toContain('What was not computed Nothing failed: these units were still open when');
    expect(text).not.toMatch(/What went wrong|try them again|46 failed/);
  });

  test('shows the failures of a program with the complete command that tries them again', async () => {
    const { text } = await draw('several', `/projects/${otherProject.projectId}`);
    expect(text).toContain('What went wrong');
    expect(text).toContain('The table of matches is full. MH-VAL-001 MH-UNIT-002 3 board-3');
    expect(text).toContain(`batch retry ${plainBatch.batchId} --coordinator`);
    expect(text).toContain(`--project ${otherProject.name}`);
    expect(text).toContain('unverified: one computer a unit');
  });

  test('tells a lone volunteer that the answers wait for a second person', async () => {
    const { text } = await draw('lone');
    expect(text).toContain(
      '20 answers wait for a second person A unit counts once the computers of two people give the same answer.',
    );
    expect(text).toContain('tidewater 1 computer · 20 answers wait for a second person');
    expect(text).toContain('Nobody is computing for this at the moment.');
    expect(text).not.toContain('Nobody is helping yet');
    expect(text).toContain('The first bar appears when computers of different people agree.');
  });

  test('explains a project that is paused or waits for its approval', async () => {
    const paused = await draw('paused');
    expect(paused.text).toContain('Paused by the operator No units are handed out at present.');
    expect(paused.html).not.toContain('bg-lamp ');
    const pending = await draw('pending');
    expect(pending.text).toContain(
      'Waiting for the operator’s approval The operator of this coordinator looks at new projects first.',
    );
    expect(pending.text).toContain('No work has been submitted yet.');
    // No worker may name it yet.
    expect(pending.html).not.toMatch(/--project|\/join\?project/);
  });

  test('without work says so, and still states its terms', async () => {
    const { text } = await draw('unbegun');
    expect(text).toContain('Nothing submitted yet');
    expect(text).toContain(`Run by ${project.runBy}`);
    expect(text).not.toContain('How fast');
  });

  test('lists its batches with their states and dates, and the other questions', async () => {
    const { text, html } = await drawPage(PATH, { scene: 'several' });
    expect(text).toMatch(/Its batches known-prophage 45 of 68 units open submitted at \d\d:\d\d/);
    expect(text).toMatch(/too-slow 22 of 68 units ran out of time submitted on .*2026, ran out of time on .*2026/);
    expect(html).toContain(`href="${PATH}?batch=${openBatch.batchId}"`);
    expect(html).not.toContain('<select');
    expect(text).not.toContain('Other questions here');
    const hostile = await draw('hostile', `/projects/proj_${'h2h'.repeat(52).slice(0, 52)}`);
    expect(hostile.text).toContain(`Other questions here ${otherProject.question}`);
    expect(hostile.html).toContain(`href="/projects/${otherProject.projectId}"`);
  });

  test('of a batch in the address shows that one, also when it is not among the newest', async () => {
    const expired = await draw('several', `${PATH}?batch=${expiredBatch.batchId}`);
    expect(expired.text).toContain('Time ran out after 22 of 68 units');
    const older = await draw('several', `${PATH}?batch=${OLDER_BATCH_ID}`);
    expect(older.text).toContain('Batch long-ago, finished at');
    expect(older.asked).toContain(`/api/v1/batches/${OLDER_BATCH_ID}`);
  });

  test.each([
    ['an unknown project', '/projects/proj_unknown'],
    ['an unknown batch', `${PATH}?batch=batch_unknown`],
    ['a batch of another project', `${PATH}?batch=${plainBatch.batchId}`],
  ])('is not found for %s', async (_, path) => {
    const { text } = await draw('running', path);
    expect(text).toMatch(/^There is nothing at this address /);
  });

  test('keeps its shape while it is on its way', async () => {
    const { html, text } = await draw('loading');
    expect(html).toContain('aria-busy="true"');
    expect(text).not.toContain('nothing at this address');
  });

  test.each(['away', 'busy'] as const)('without an answer (%s) says what is safe', async (scene) => {
    const { text } = await draw(scene);
    expect(text).toContain('The project couldn’t be read');
    expect(text).toContain('every accepted result is safe');
    expect(text).toContain('Try again now');
  });

  test('asks often while its batch is open, and seldom once it is over', async () => {
    const { asked, intervals } = await draw('complete');
    expect(asked.length).toBe(new Set(asked).size);
    const seldom = { coordinator: false, stats: 10_000, overview: 10_000 };
    expect(intervals).toMatchObject({ ...seldom, story: 60_000, findings: 60_000, questions: 60_000 });
    const open = await draw('running');
    expect(open.intervals).toMatchObject({
      overview: 2000,
      story: 2000,
      findings: 2000,
      stats: 10_000,
      questions: 10_000,
    });
    const older = await draw('several', `${PATH}?batch=${OLDER_BATCH_ID}`);
    expect(older.intervals).toMatchObject({ batch: 60_000, story: 60_000 });
  });

  test('marks its place in the navigation', async () => {
    expect((await draw('running')).html).toMatch(/<a[^>]*aria-current="true"[^>]*>Science<\/a>/);
    expect((await drawPage('/', { scene: 'running' })).html).toMatch(/<a[^>]*aria-current="page"[^>]*>Science<\/a>/);
    expect((await drawPage('/network', { scene: 'running' })).html).not.toMatch(/aria-current[^>]*>Science/);
  });
});
