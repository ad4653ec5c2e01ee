// A libp2p node without our manners: its test decides what it sends.
import { randomBytes } from 'node:crypto';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { tls } from '@libp2p/tls';
import { yamux } from '@libp2p/yamux';
import type { OverlayNode } from '@manyhands/contract';
import { type Ask, BLOCKS_PROTOCOL, FrameDecoder } from '@manyhands/overlay-core';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { onTestFinished } from 'vitest';

export type RawPeer = { libp2p: Libp2p; node: OverlayNode };

/** Starts a node whose answer to each message is up to `onAsk`. */
export async function startRawPeer(onAsk: (message: Ask, stream: Stream) => void): Promise<RawPeer> {
  const libp2p = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', randomBytes(32)),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [tls()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 100 },
  });
  onTestFinished(() => libp2p.stop());
  await libp2p.handle(BLOCKS_PROTOCOL, (stream) => {
    const decoder = new FrameDecoder('ask');
    stream.addEventListener('message', ({ data }) => {
      for (const chunk of data instanceof Uint8Array ? [data] : data)
        for (const decoded of decoder.push(chunk)) if (decoded.ok) onAsk(decoded.message, stream);
    });
  });
  const addresses = libp2p.getMultiaddrs().map((address) => address.decapsulate('/p2p').toString());
  return { libp2p, node: { peerId: libp2p.peerId.toString(), addresses } };
}

/** Opens a stream to one of our nodes and sends bytes as they are; resolves when the other side has ended it. */
export async function sendRaw({ libp2p }: RawPeer, target: OverlayNode, bytes: Uint8Array): Promise<void> {
  const address = multiaddr(`${target.addresses[0]}/p2p/${target.peerId}`);
  const stream = await libp2p.dialProtocol(address, BLOCKS_PROTOCOL);
  const ended = new Promise<void>((resolve) => stream.addEventListener('close', () => resolve()));
  stream.send(bytes);
  await ended;
}
