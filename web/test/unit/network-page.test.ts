import { describe, expect, test } from 'vitest';
import {
  byPresence,
  bytesInWords,
  detailsInWords,
  linksInWords,
  type Peer,
  pathInWords,
} from '../../src/network/peer-words.js';
import { peers } from '../fixtures/peers.js';
import { readEnglish } from './english.js';
import { drawPage } from './render.js';

readEnglish();

const [coordinator, worker] = peers.peers as [Peer, Peer];
const away = { ...worker, isOnline: false, state: 'offline' as const };
const alone: Peer = { ...worker, path: 'http', connectedPeers: 0, toPeersBytes: 0 };

describe('the network', () => {
  test('tells where the bytes came from, in numbers and in a table', async () => {
    const { text, html } = await drawPage('/network', { scene: 'running' });
    expect(text).toMatch(/of all bytes came from peers 81\s% 18\.5\sMiB of 22\.9\sMiB/);
    expect(text).toMatch(/sent by the coordinator 4\.5\sMiB/);
    expect(text).toContain('connected now 7 of 25 computers that ever joined');
    expect(text).toContain('share with peers 5 2 by the coordinator only');
    expect(text).toMatch(/brave-walnut-3 .* 2\.4\sMiB 922\sKiB 6\.3\sMiB ● working/);
    expect(html).toContain('href="/api/v1/peers.csv"');
  });

  test('counts as connected only computers that are here', async () => {
    const gone = { ...peers, peers: [coordinator, worker, away] };
    const { text } = await drawPage('/network', { scene: 'running', answers: { '/peers': gone } });
    expect(text).toContain('connected now 1 of');
    expect(text).toContain('share with peers 1 0 by the coordinator only');
  });

  test('says which way a computer fetches, and nothing of one that is gone', () => {
    expect([worker, alone, away, coordinator].map(pathInWords)).toEqual([
      'with peers',
      'coordinator only',
      '–',
      'with everyone',
    ]);
    expect([worker, alone, away].map(linksInWords)).toEqual(['6', '–', '–']);
  });

  test('keeps bytes that came from peers, whichever way is taken now', () => {
    expect(bytesInWords({ ...alone, fromPeersBytes: 1024 })).toMatchObject({ fromPeers: '1\u202FKiB', toPeers: '–' });
    expect(bytesInWords({ ...alone, toPeersBytes: 2048 }).toPeers).toBe('2\u202FKiB');
    expect(bytesInWords(coordinator)).toMatchObject({ fromPeers: '–', fromOrigin: '–' });
    expect(detailsInWords(alone)).toBe('coordinator only · coordinator 205\u202FKiB');
    expect(detailsInWords(coordinator)).toBe('with everyone · gave 4.5\u202FMiB');
  });

  test('lists the coordinator first, then who is here, then by what they gave', () => {
    const generous = { ...worker, name: 'generous', toPeersBytes: 1e9 };
    expect([away, worker, generous, coordinator].sort(byPresence)).toEqual([coordinator, generous, worker, away]);
  });

  test('is empty at first; without an answer it says that computing does not depend on it', async () => {
    expect((await drawPage('/network', { scene: 'empty' })).text).toContain('No computer has joined yet.');
    expect((await drawPage('/network', { scene: 'away' })).text).toContain(
      'The network couldn’t be read: the coordinator doesn’t answer. Computing doesn’t depend on this page',
    );
    expect((await drawPage('/network', { scene: 'loading' })).html).toContain('aria-busy="true"');
  });
});
