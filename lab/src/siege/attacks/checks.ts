// Programs of ten projects whose check takes long, and their public records again and again.
import { COST_TABLE, encodeDagCbor, HOST_ABI, INSTRUMENTER, projectIdOf, splitFile } from '@manyhands/contract';
import { PROGRAM } from '../../bench/empty-program.js';
import type { Attack, Siege } from '../attack.js';
import { projectGenesis, sealedText, someKey, tokenFor } from '../signed.js';
import { callFrom } from '../strangers.js';

const PROJECTS = 10;
const CALLS = 1_000_000;
const LANES = 4;
const AGAIN_MS = 100;
const MEMORY_MAXIMUM_BYTES = 2 ** 20;

export const checks: Attack = {
  name: 'checks',
  about: 'programs of ten projects whose check takes long, and their records posted again',
  isOpen: true,
  hasCheck: true,
  async run(siege) {
    const published: { path: string; record: string }[] = [];
    for (let number = 0; number < PROJECTS && siege.mayGoOn(); number++) published.push(await publish(siege, number));
    await siege.lanes(LANES, async (index) => {
      const { path, record } = published[index % published.length] ?? { path: '', record: '' };
      const url = `${siege.target.url}${path}`;
      const { status } = await callFrom(siege.at(url, index), { method: 'POST', json: { record } });
      siege.note(`again: ${status}`);
      await siege.pause(AGAIN_MS);
    });
  },
};

/** Founds a project and publishes a bomb in it. */
async function publish(siege: Siege, number: number): Promise<{ path: string; record: string }> {
  const { url, coordinatorId } = siege.target;
  const signer = { coordinatorId, key: someKey() };
  const genesis = projectGenesis(`bomb-${number}`, signer.key);
  const projectId = projectIdOf(encodeDagCbor(genesis));
  const founding = { genesis: sealedText(genesis, 'project-genesis', signer), invitation: null };
  await callFrom(siege.at(`${url}/api/v1/projects`, number), { method: 'POST', json: founding });
  const [original, build] = [splitFile(bomb()), splitFile(PROGRAM)];
  for (const { cid, bytes } of [...original.blocks, ...build.blocks]) {
    const path = `/api/v1/blocks/${cid}?project=${projectId}`;
    const headers = { authorization: tokenFor({ method: 'PUT', path, body: bytes }, signer) };
    const { status } = await callFrom(siege.at(`${url}${path}`, number), { method: 'PUT', bytes, headers });
    siege.note(`block: ${status}`);
  }
  const value = {
    ...{ version: 1, projectId, name: 'bomb', original: original.ref, builds: { step: build.ref } },
    ...{ memoryMaximumBytes: MEMORY_MAXIMUM_BYTES, hostAbi: HOST_ABI, instrumenter: INSTRUMENTER },
    ...{ costTable: COST_TABLE, sourceCid: null, buildRecord: null },
  };
  const record = sealedText(value, 'app-version', signer);
  const path = `/api/v1/projects/${projectId}/app-versions`;
  const { status } = await callFrom(siege.at(`${url}${path}`, number), { method: 'POST', json: { record } });
  siege.note(`published: ${status}`);
  return { path, record };
}

/** Two megabytes of calls: making its builds takes many times what an ordinary program takes. */
function bomb(): Uint8Array {
  const head = PROGRAM.subarray(0, 14);
  const memoryAndExports = PROGRAM.subarray(18, PROGRAM.length - 6);
  const body = new Uint8Array(2 * CALLS + 2);
  for (let at = 0; at < CALLS; at++) body.set([0x10, 0x01], 1 + 2 * at); // call of the empty function
  body[body.length - 1] = 0x0b;
  const bodies = Uint8Array.from([2, ...leb128(body.length)]);
  const empty = [0x02, 0x00, 0x0b];
  const code = [0x0a, ...leb128(bodies.length + body.length + empty.length)];
  const twoFunctions = [0x03, 0x03, 0x02, 0x00, 0x00];
  const parts = [head, twoFunctions, memoryAndExports, code, bodies, body, empty];
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}
