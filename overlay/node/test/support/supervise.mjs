// A process that supervises a seed, to be killed: its seed must not outlive it.
import { superviseSeed } from '@manyhands/overlay-node';

process.once('message', async ({ blocksDirectory }) => {
  const seed = await superviseSeed(
    {
      blocksDirectory,
      keySeed: new Uint8Array(32).fill(7),
      host: '127.0.0.1',
      gatewayPort: 0,
      overlayPort: 0,
      announceHosts: [],
    },
    { onEgress: () => {} },
  );
  process.send({ pid: seed.info().pid });
});
