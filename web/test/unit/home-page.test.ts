import { describe, expect, test } from 'vitest';
import { otherProject, project, question } from '../fixtures/answers.js';
import { readEnglish } from './english.js';
import { drawPage } from './render.js';

readEnglish();

describe('the home page', () => {
  test('lists the questions: how far each is, who helps, who runs it, and where to look on', async () => {
    const { text, html } = await drawPage('/', { scene: 'running' });
    expect(text).toMatch(/^What is being computed here /);
    expect(text).toContain(project.question);
    expect(text).toContain('1 batch open · last activity 2 s ago');
    expect(text).toContain('45 of 68 units are done');
    expect(text).toContain('7 people have helped, 6 here now with 23 computers');
    expect(text).toContain(`Run by ${project.runBy} · licence of the results: ${project.resultLicence}`);
    expect(html).toContain(`href="/projects/${project.projectId}"`);
    expect(html).toContain('<title>What is being computed here · Manyhands</title>');
  });

  test('lists them in the order of the coordinator, the busiest first, whatever was created last', async () => {
    const { html } = await drawPage('/', { scene: 'hostile' });
    expect(html.indexOf(otherProject.question)).toBeGreaterThan(html.indexOf('9,000,000 people have helped'));
    expect(html.match(/<h2/g)).toHaveLength(2);
  });

  test('offers more only where there are more', async () => {
    expect((await drawPage('/', { scene: 'several' })).text).toContain('Show more questions');
    expect((await drawPage('/', { scene: 'running' })).text).not.toContain('Show more questions');
  });

  test('tells a question that nobody works on at the moment from one that is alive', async () => {
    expect((await drawPage('/', { scene: 'running' })).html).toContain('bg-lamp ');
    const quiet = { questions: [{ ...question, computersOnline: 0 }], next: null, nowMs: question.lastActivityMs };
    expect((await drawPage('/', { scene: 'running', answers: { '/questions': quiet } })).html).not.toContain(
      'bg-lamp ',
    );
    const paused = await drawPage('/', { scene: 'paused' });
    expect(paused.text).toContain('Paused by the operator; nothing is lost');
    expect(paused.html).not.toContain('bg-lamp ');
  });

  test('tells what was cancelled from what failed', async () => {
    const { text } = await drawPage('/', { scene: 'cancelled' });
    expect(text).toContain('22 of 68 units are done; 2 failed, 44 cancelled');
    expect(text).toContain('No batch open · last activity');
  });

  test('says of a question without work that nothing was submitted', async () => {
    const { text } = await drawPage('/', { scene: 'unbegun' });
    expect(text).toContain('Nothing submitted yet');
    expect(text).toContain('No units yet');
    expect(text).toContain('Nobody has helped yet');
  });

  test('of a coordinator without projects says how to begin', async () => {
    const { text } = await drawPage('/', { scene: 'empty' });
    expect(text).toMatch(/^No project here yet /);
    expect(text).toContain('project create my-project --coordinator');
  });

  test('has its head at once, while the questions are on their way', async () => {
    const { text, html } = await drawPage('/', { scene: 'loading' });
    expect(text).toContain('What is being computed here');
    expect(html).toContain('aria-busy="true"');
    expect(text).not.toContain('No project here yet');
  });

  test.each([
    ['away', 'the coordinator doesn’t answer', ''],
    ['busy', 'the coordinator is there, but slow', 'HTTP 503 MH-GEN-006'],
  ] as const)('without an answer (%s) says what is safe', async (scene, reason, code) => {
    const { text, html } = await drawPage('/', { scene });
    expect(text).toContain(
      `The list of questions couldn’t be read: ${reason}. Computing continues, and every accepted result is safe.`,
    );
    expect(text).toContain(code);
    expect(html).toContain('role="alert"');
    expect(text).not.toContain('No project here yet');
  });
});
