// People in words: what they do, what they are called, how two of one name are told apart.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Avatar } from '../../src/common/avatar.js';
import { findNamesakes, NAMELESS, seedOf, shownName } from '../../src/common/names.js';
import { PersonName } from '../../src/common/person-name.js';
import { doingInWords, handsInWords, isComputing, loneAnswers, waitingInWords } from '../../src/project/hand-words.js';
import { story } from '../fixtures/answers.js';
import { readEnglish } from './english.js';

readEnglish();

const [hand] = story.hands as [(typeof story.hands)[number]];
const of = (facts: Partial<typeof hand>) => ({ ...hand, hosts: 1, runningUnits: 0, answeredUnits: 0, ...facts });
const open = { isOpen: true, isStale: false, quorum: 2 };
const ended = { ...open, isOpen: false };

describe('what a person does', () => {
  test.each([
    [{ runningUnits: 1 }, '1 computer · 1 unit running'],
    [
      { hosts: 3, runningUnits: 5, answeredUnits: 2 },
      '3 computers · 5 units running · 2 answers wait for a second person',
    ],
    [{}, '1 computer · waiting for work'],
    [{ answeredUnits: 1 }, '1 computer · 1 answer waits for a second person'],
    [{ isOnline: false }, '1 computer · away'],
    [
      { isOnline: false, runningUnits: 2, answeredUnits: 20 },
      '1 computer · away · 20 answers wait for a second person',
    ],
  ])('%j', (facts, words) => {
    expect(doingInWords(of(facts), open)).toBe(words);
  });

  test('is over when the batch is', () => {
    expect(doingInWords(of({ runningUnits: 3, isOnline: false }), ended)).toBe('1 computer');
  });

  test('with more than two who must agree waits for more people', () => {
    expect(waitingInWords(3, 3)).toBe('3 answers wait for more people');
  });
});

describe('the list of people', () => {
  const here = of({ hosts: 2, runningUnits: 1 });
  const idle = of({ name: 'idle' });
  const away = of({ isOnline: false, runningUnits: 4 });

  test('says who computes now, and does not count who only waits or is away', () => {
    expect([here, idle, away].map(isComputing)).toEqual([true, false, false]);
    expect(handsInWords([here, idle, away], open)).toEqual({
      title: 'Helping right now',
      line: '1 person, 2 computers',
    });
    expect(handsInWords([idle, away], open)).toEqual({
      title: 'Helping hands',
      line: 'Nobody is computing for this at the moment.',
    });
  });

  test('claims nothing about now when the figures are old', () => {
    expect(handsInWords([here, idle], { ...open, isStale: true })).toEqual({
      title: 'Helping hands',
      line: '2 people, 3 computers',
    });
  });

  test('of an ended batch tells who helped', () => {
    expect(handsInWords([here, away], ended)).toEqual({ title: 'Who helped', line: '2 people, 3 computers' });
    expect(handsInWords([], ended)).toEqual({ title: 'Who helped', line: 'No answer was accepted.' });
  });

  test('knows whose answers nobody else can confirm', () => {
    const lone = of({ answeredUnits: 20, acceptedReplicas: 0 });
    const bystander = of({ name: 'idle', acceptedReplicas: 0 });
    expect(loneAnswers([lone], 2)).toBe(20);
    expect(loneAnswers([lone, bystander], 2)).toBe(20);
    expect(loneAnswers([lone, here], 2)).toBe(0);
    expect(loneAnswers([lone, of({ acceptedReplicas: 1, isOnline: false })], 2)).toBe(0);
    expect(loneAnswers([lone], 1)).toBe(0);
    expect(loneAnswers([], 2)).toBe(0);
  });
});

describe('names', () => {
  test('that read alike are told apart by their tags, others need none', () => {
    const all = [
      { name: 'ada', tag: 'k7q2' },
      { name: ' Ａｄａ\u200B ', tag: 'x4fm' },
      { name: 'adam', tag: 'p9p9' },
    ];
    expect(all.map(findNamesakes(all))).toEqual([true, true, false]);
    expect(
      findNamesakes([
        { name: 'ada', tag: '' },
        { name: 'ada', tag: '' },
      ])({ name: 'ada', tag: '' }),
    ).toBe(false);
  });

  test('of which nothing can be seen have words in their place', () => {
    expect(['   ', '\u200B\u2060', '', '\u00A0'].map(shownName)).toEqual(Array(4).fill(NAMELESS));
    expect(shownName(' a ')).toBe(' a ');
  });

  test('have a picture that differs for two of one name', () => {
    const draw = (seed: string) => renderToStaticMarkup(createElement(Avatar, { seed }));
    const [one, two] = [seedOf({ name: 'ada', tag: 'k7q2' }), seedOf({ name: 'ada', tag: 'x4fm' })];
    expect(draw(one)).not.toBe(draw(two));
    expect(draw(one)).toBe(draw(one));
    expect(seedOf({ name: 'ada', tag: '' })).toBe('ada');
  });

  test('are kept to themselves, whichever way their letters run', () => {
    const html = renderToStaticMarkup(createElement(PersonName, { name: 'שלום', tag: 'k7q2' }));
    expect(html).toMatch(/^<bdi[^>]*>שלום<\/bdi> <code[^>]*>k7q2<\/code>$/);
    expect(renderToStaticMarkup(createElement(PersonName, { name: '<b>' }))).toContain('&lt;b&gt;');
  });
});
