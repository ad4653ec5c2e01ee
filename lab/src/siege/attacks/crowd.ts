// A crowd that arrives at once: hosts that nobody knows shake hands, leave, and come again without heeding what they are told.
import type { Attack } from '../attack.js';
import { SiegeHost } from '../patient-host.js';

const AT_ONCE = 500;
const STAY_MS = 1000;

export const crowd: Attack = {
  name: 'crowd',
  about: 'hundreds of new hosts arrive at once, leave, and come again',
  async run(siege) {
    await siege.lanes(Math.min(AT_ONCE, siege.socketsMaximum), async (index) => {
      const host = new SiegeHost(siege.target, { localAddress: siege.addressOf(index) });
      const answer = await host.tryJoin();
      siege.note(answer?.t ?? 'cut off');
      await siege.pause(STAY_MS);
      host.close();
    });
  },
};
