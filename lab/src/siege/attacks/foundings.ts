// Accounts through calls and WebSockets, and projects that wait for the operator.
import { randomBytes } from 'node:crypto';
import type { Attack, Siege } from '../attack.js';
import { SiegeHost } from '../patient-host.js';
import { accountGenesis, bindingTo, projectGenesis, sealedText, someKey } from '../signed.js';
import { type Answer, callFrom } from '../strangers.js';

const LANES = 16;

export const foundings: Attack = {
  name: 'foundings',
  about: 'accounts through calls and WebSockets, projects that wait for the operator',
  async run(siege) {
    const deeds = [account, throughSocket, project];
    await siege.lanes(LANES, async (index) => {
      const deed = deeds[index % deeds.length] ?? account;
      siege.note(`${deed.name} ${await deed(siege, index)}`);
    });
  },
};

async function account(siege: Siege, index: number): Promise<number> {
  const key = someKey();
  const { coordinatorId } = siege.target;
  const genesis = sealedText(accountGenesis(someName(), key), 'account-genesis', { coordinatorId, key });
  return (await post(siege, index, { path: 'accounts', json: { genesis } })).status;
}

async function project(siege: Siege, index: number): Promise<number> {
  const key = someKey();
  const { coordinatorId } = siege.target;
  const genesis = sealedText(projectGenesis(someName(), key), 'project-genesis', { coordinatorId, key });
  return (await post(siege, index, { path: 'projects', json: { genesis, invitation: null } })).status;
}

async function throughSocket(siege: Siege, index: number): Promise<string> {
  const host = new SiegeHost(siege.target, { localAddress: siege.addressOf(index) });
  const signer = { coordinatorId: siege.target.coordinatorId, key: someKey() };
  const answer = await host.tryJoin(bindingTo(someName(), host.hostId, signer));
  host.close();
  return answer?.t === 'refuse' ? answer.code : (answer?.t ?? 'cut off');
}

function post(siege: Siege, index: number, { path, json }: { path: string; json: unknown }): Promise<Answer> {
  return callFrom(siege.at(`${siege.target.url}/api/v1/${path}`, index), { method: 'POST', json });
}

function someName(): string {
  return `stranger-${randomBytes(8).toString('hex')}`;
}
