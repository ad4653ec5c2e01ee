// A process that fetches one file into a store and reports each block: to be killed in the middle.
import { createBlockFetcher, openBlockStore } from '@manyhands/overlay-node';

process.once('message', async ({ directory, gatewayUrl, ref, storedMaximum }) => {
  const store = await openBlockStore({ directory, quotaBytes: 1e9 });
  const put = store.put.bind(store);
  store.put = async (cid, bytes) => {
    await put(cid, bytes);
    process.send({ stored: cid });
    if (--storedMaximum <= 0) await new Promise(() => {}); // so that the test can kill it between blocks
  };
  const dependencies = { store, peerNode: null, findPeers: async () => [] };
  const fetcher = createBlockFetcher({ gatewayUrl, originPeer: null }, dependencies);
  await fetcher.fetchFile(ref, { swarm: ref.cid, signal: new AbortController().signal });
  process.send({ done: true, stats: fetcher.stats() });
});
