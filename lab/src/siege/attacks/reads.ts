// Forty expensive answers at once and again, half of them to callers who leave before they come.
import type { Attack } from '../attack.js';
import { callFrom } from '../strangers.js';

const AT_ONCE = 40;
const CUT_OFF_MS = 40;

export const reads: Attack = {
  name: 'reads',
  about: 'forty expensive anonymous reads at once and again, half of them cut off',
  async run(siege) {
    const { url, crewBatchId, crewProjectId } = siege.target;
    const batch = `${url}/api/v1/batches/${crewBatchId}`;
    const pathsAt = (index: number): string[] => [
      `${batch}/outcomes?stdout=1&limit=500`,
      `${batch}/units?limit=500`,
      `${url}/api/v1/projects`,
      `${url}/api/v1/leaderboard?period=recent&limit=${1 + (index % 500)}`,
      `${url}/api/v1/projects/${crewProjectId}/overview`,
      `${batch}/units?state=accepted&limit=${1 + (index % 100)}`,
    ];
    await siege.lanes(AT_ONCE, async (index) => {
      const paths = pathsAt(index);
      const path = paths[Math.floor(index / 2) % paths.length] as string;
      const isCutOff = index % 2 === 1;
      const { status } = await callFrom(siege.at(path, index), isCutOff ? { cutOffAfterMs: CUT_OFF_MS } : {});
      siege.note(`status ${status}`);
    });
  },
};
