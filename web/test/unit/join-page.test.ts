import { describe, expect, test } from 'vitest';
import { coordinator } from '../fixtures/answers.js';
import { readEnglish } from './english.js';
import { drawPage } from './render.js';

readEnglish();

describe('the page for joining', () => {
  test('names a command that works at present, and where to get the program', async () => {
    const { text } = await drawPage('/join', { scene: 'running' });
    expect(text).toContain('$ node cli/bin/manyhands.js worker join https://hands.example.org Copy');
    expect(text).toContain('in a clone of Manyhands, after npm ci && npm run build');
    expect(text).toContain('npm install --global packed/*.tgz');
    expect(text).not.toContain('npx manyhands');
    expect(text).toContain('Run it again to continue.');
    expect(text).toContain('How many cores to use (default: half).');
    expect(text).toContain(coordinator.coordinatorId);
  });

  test('of a project that was chosen names it, and how to choose all', async () => {
    const { text, html } = await drawPage('/join?project=lambda-in-536', { scene: 'running' });
    expect(text).toContain('worker join https://hands.example.org --project lambda-in-536 Copy');
    expect(text).toContain('works for lambda-in-536 only. For all questions here instead');
    expect(html).toMatch(/<a[^>]*href="\/join"[^>]*>For all questions/);
  });

  test.each(['x; rm -rf ~', '-rf', "a'b", '$(id)', '../x', ''])(
    'takes no name of a project that no project can have: %j',
    async (name) => {
      const { text } = await drawPage(`/join?project=${encodeURIComponent(name)}`, { scene: 'running' });
      expect(text).toContain('worker join https://hands.example.org Copy');
    },
  );

  test('says what was cut short continues, and how to stop', async () => {
    const { text } = await drawPage('/join', { scene: 'running' });
    expect(text).toContain('what was cut short continues from its last save, here or elsewhere');
    for (const word of ['status', 'pause', 'resume', 'leave']) expect(text).toContain(`manyhands.js worker ${word}`);
    expect(text).not.toMatch(/Goes on|goes on later|simply computed again/);
  });

  test('is whole without the coordinator, but for its fingerprint', async () => {
    const { text } = await drawPage('/join', { scene: 'away' });
    expect(text).toContain('What it needs');
    expect(text).not.toContain('same fingerprint');
  });
});

describe('an address that leads nowhere', () => {
  test('says so, and leads back', async () => {
    const { text, html } = await drawPage('/no-such-page', { scene: 'running' });
    expect(text).toMatch(/^There is nothing at this address /);
    expect(html).toContain('<title>No such page · Manyhands</title>');
    expect(html).toMatch(/<main[\s\S]*href="\/"[\s\S]*<\/main>/);
  });
});
