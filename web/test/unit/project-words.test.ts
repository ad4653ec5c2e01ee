import { describe, expect, test } from 'vitest';
import { contactHref, factsOf, holdUpOf, isLive, paragraphsOf, questionOf } from '../../src/project/project-facts.js';
import {
  activityInWords,
  invitationTo,
  isAtWork,
  peopleInWords,
  progressInWords,
  termsInWords,
} from '../../src/project/question-words.js';
import {
  cancelledBatch,
  completeBatch,
  NO_COUNTS,
  NOW_MS,
  openBatch,
  otherProject,
  otherQuestion,
  project,
  question,
} from '../fixtures/answers.js';
import { readEnglish } from './english.js';

readEnglish();

describe('what a project says of itself', () => {
  test('is told as it is, and what it leaves unsaid is “not stated”', () => {
    expect(factsOf(project).map(({ text }) => text)).toEqual([
      ...[project.runBy, project.contact, project.inputLicence, project.resultLicence],
    ]);
    expect(factsOf(otherProject).map(({ text }) => text)).toEqual(Array(4).fill('not stated'));
    expect(factsOf(otherProject).every(({ href }) => href === null)).toBe(true);
  });

  test('becomes a link only where it surely is an address', () => {
    expect(contactHref('ada@example.org')).toBe('mailto:ada@example.org');
    expect(contactHref('https://example.org/ask?a=1')).toBe('https://example.org/ask?a=1');
    for (const text of [
      '',
      'Room 12',
      'javascript:alert(1)',
      'a@b',
      'https://',
      'ftp://example.org',
      'a b@example.org',
      '@example.org',
    ]) {
      expect(contactHref(text), text).toBeNull();
    }
  });

  test('has a question, else a title, else a name', () => {
    expect(questionOf(project)).toBe(project.question);
    expect(questionOf({ ...project, question: ' ' })).toBe(project.title);
    expect(questionOf({ ...project, question: '', title: '' })).toBe(project.name);
  });

  test('has a first paragraph that leads', () => {
    expect(paragraphsOf('One.\n\n \nTwo.\nThree.')).toEqual({ lead: 'One.', rest: ['Two.', 'Three.'] });
    expect(paragraphsOf('')).toEqual({ lead: undefined, rest: [] });
  });
});

describe('the state of a project', () => {
  test('is explained where it holds the work up', () => {
    expect(holdUpOf({ state: 'active' })).toBeNull();
    expect(holdUpOf({ state: 'pending' })?.title).toBe('Waiting for the operator’s approval');
    expect(holdUpOf({ state: 'paused' })?.text).toMatch(/Everything that was computed is kept/);
  });

  test('is alive only with an open batch that may be worked on', () => {
    expect(isLive({ state: 'active' }, openBatch)).toBe(true);
    expect(isLive({ state: 'active' }, completeBatch)).toBe(false);
    expect(isLive({ state: 'paused' }, openBatch)).toBe(false);
    expect(isLive({ state: 'active' }, undefined)).toBe(false);
  });
});

describe('a question of the list', () => {
  const quiet = { ...question, openBatches: 0 };

  test('says what goes on', () => {
    expect(activityInWords(question, NOW_MS)).toBe('1 batch open · last activity 2 s ago');
    expect(activityInWords({ ...question, openBatches: 2 }, NOW_MS)).toBe('2 batches open · last activity 2 s ago');
    expect(activityInWords(quiet, NOW_MS)).toBe('No batch open · last activity 2 s ago');
    expect(activityInWords({ ...quiet, counts: NO_COUNTS }, NOW_MS)).toBe('Nothing submitted yet');
    const inState = (state: 'paused' | 'pending') =>
      activityInWords({ ...question, project: { ...project, state } }, NOW_MS);
    expect([inState('paused'), inState('pending')]).toEqual([
      'Paused by the operator; nothing is lost',
      'Waiting for the operator’s approval',
    ]);
  });

  test('is at work only when there is work, leave to do it, and somebody here', () => {
    expect(isAtWork(question)).toBe(true);
    expect(isAtWork(quiet)).toBe(false);
    expect(isAtWork({ ...question, computersOnline: 0 })).toBe(false);
    expect(isAtWork({ ...question, project: { ...project, state: 'paused' } })).toBe(false);
  });

  test('says how far it is', () => {
    expect(progressInWords(question)).toBe('45 of 68 units are done');
    expect(progressInWords({ ...question, counts: cancelledBatch.counts })).toBe(
      '22 of 68 units are done; 2 failed, 44 cancelled',
    );
    expect(progressInWords({ ...question, counts: { ...NO_COUNTS, total: 1, waiting: 1 } })).toBe(
      '0 of 1 unit is done',
    );
    expect(progressInWords({ ...question, counts: NO_COUNTS })).toBe('No units yet');
  });

  test('invites to what there is to see', () => {
    expect([question, quiet, { ...quiet, counts: NO_COUNTS }].map(invitationTo)).toEqual([
      ...['See the answer so far', 'See the answer', 'Read more'],
    ]);
  });

  test('says who helps', () => {
    expect(peopleInWords(question)).toBe('7 people have helped, 6 here now with 23 computers');
    expect(peopleInWords(otherQuestion)).toBe('3 people have helped, nobody is here now');
    expect(peopleInWords({ ...question, people: { total: 1, online: 1 }, computersOnline: 1 })).toBe(
      '1 person has helped, 1 here now with 1 computer',
    );
    expect(peopleInWords({ ...question, people: { total: 0, online: 0 } })).toBe('Nobody has helped yet');
  });

  test('says under which terms, or that it does not', () => {
    expect(termsInWords(question)).toBe(`Run by ${project.runBy} · licence of the results: ${project.resultLicence}`);
    expect(termsInWords(otherQuestion)).toBe('Run by, and licence of the results: not stated');
    expect(termsInWords({ ...question, project: { ...project, runBy: '' } })).toMatch(/^Run by: not stated · /);
    expect(termsInWords({ ...question, project: { ...project, resultLicence: '' } })).toMatch(/: not stated$/);
  });
});
