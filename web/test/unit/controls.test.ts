// What people operate: tabs by keyboard, commands to copy, colours, and the figures that say how old they are.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Command, copyText } from '../../src/common/command.js';
import { commandLine } from '../../src/common/program.js';
import { StaleTag } from '../../src/common/stale-tag.js';
import { tabAfterKey } from '../../src/common/tabs.js';
import { chooseTheme, readTheme } from '../../src/shell/theme.js';
import { readEnglish } from './english.js';

readEnglish();

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('tabs', () => {
  test('are moved by arrow keys round the ends, by Home and End, and by no other key', () => {
    expect([0, 1, 2].map((index) => tabAfterKey('ArrowRight', index, 3))).toEqual([1, 2, 0]);
    expect([0, 1, 2].map((index) => tabAfterKey('ArrowLeft', index, 3))).toEqual([2, 0, 1]);
    expect([tabAfterKey('Home', 2, 3), tabAfterKey('End', 0, 3), tabAfterKey('a', 1, 3)]).toEqual([0, 2, null]);
  });
});

describe('a command', () => {
  const copied = async (writeText: (text: string) => Promise<void>) => {
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const states: string[] = [];
    await copyText('the command', (state) => states.push(state));
    return states;
  };

  test('is copied as it stands, and the reader is told whether that worked', async () => {
    const written: string[] = [];
    expect(await copied(async (text) => void written.push(text))).toEqual(['copied']);
    expect(written).toEqual(['the command']);
    expect(await copied(() => Promise.reject(new Error('denied')))).toEqual(['denied']);
  });

  test('is not copied where there is no clipboard', async () => {
    vi.stubGlobal('navigator', {});
    const states: string[] = [];
    await copyText('the command', (state) => states.push(state));
    expect(states).toEqual(['denied']);
  });

  test('is shown whole, with a button that says what it copies', () => {
    const html = renderToStaticMarkup(createElement(Command, { text: 'a b', label: 'do it' }));
    expect(html.replace(/<[^>]+>/g, '')).toMatch(/^\$ a bCopy/);
    expect(html).toContain('aria-label="Copy: do it"');
  });

  test('has each argument that a shell would take apart in quotes', () => {
    expect(commandLine('worker', 'join', 'https://a.example:8420/x')).toBe(
      'node cli/bin/manyhands.js worker join https://a.example:8420/x',
    );
    expect(commandLine('a b', "it's", '$(id)', '')).toBe("node cli/bin/manyhands.js 'a b' 'it'\\''s' '$(id)' ''");
  });
});

describe('the colours', () => {
  function fakeBrowser(chosen?: string) {
    const stored = new Map(chosen ? [['manyhands-theme', chosen]] : []);
    const dataset: Record<string, string> = chosen ? { theme: chosen } : {};
    vi.stubGlobal('document', { documentElement: { dataset } });
    vi.stubGlobal('localStorage', {
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    });
    return { stored, dataset };
  }

  test('take effect at once and are kept', () => {
    const { stored, dataset } = fakeBrowser();
    expect(readTheme()).toBe('system');
    chooseTheme('dark');
    expect([readTheme(), dataset.theme, stored.get('manyhands-theme')]).toEqual(['dark', 'dark', 'dark']);
  });

  test('of the system are those of nobody’s choice: nothing is kept', () => {
    const { stored, dataset } = fakeBrowser('light');
    expect(readTheme()).toBe('light');
    chooseTheme('system');
    expect([readTheme(), dataset.theme, stored.size]).toEqual(['system', undefined, 0]);
  });

  test('last until the page is left where storage is denied', () => {
    const { dataset } = fakeBrowser();
    vi.stubGlobal('localStorage', {
      setItem: () => {
        throw new Error('denied');
      },
    });
    chooseTheme('dark');
    expect(dataset.theme).toBe('dark');
  });

  test('are the system’s where there is no browser or no known word', () => {
    vi.stubGlobal('document', undefined);
    expect(readTheme()).toBe('system');
    fakeBrowser('purple');
    expect(readTheme()).toBe('system');
  });
});

describe('old figures', () => {
  const tag = (news: 'current' | 'slow' | 'lost') =>
    renderToStaticMarkup(createElement(StaleTag, { polled: { news, asOfMs: Date.UTC(2026, 10, 30, 14, 58) } }));

  test('say whether the coordinator is gone or slow, and nothing while they are fresh', () => {
    expect(tag('current')).toBe('');
    expect(tag('lost')).toMatch(/>No news since .*58.*; trying again\.</);
    expect(tag('slow')).toMatch(/>The coordinator is slow; this is as of .*58.*\.</);
  });
});
