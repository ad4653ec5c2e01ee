// To which account a host belongs: kept, by key, by code; forged, reused and deleted ones are refused.
import {
  type AccountBinding,
  accountIdOf,
  anonymousAccountIdOf,
  encodeDagCbor,
  type HostId,
  hostIdOf,
  seal,
  toBase64Url,
} from '@manyhands/contract';
import { beforeEach, expect, test } from 'vitest';
import { AccountBindings, hashOfCode } from '../../../src/accounts/account-bindings.js';
import { Foundings } from '../../../src/admission/foundings.js';
import { layoutOf } from '../../../src/config/data-folder.js';
import { checkOptions } from '../../../src/config/options.js';
import { Settings } from '../../../src/config/settings.js';
import { SqliteAccounts } from '../../../src/storage/sqlite/accounts.js';
import { accountGenesisOf, keyOf } from '../../support/records.js';
import { testDatabase } from '../../support/storage.js';

const secrets = { folder: layoutOf('/nowhere'), keySeed: new Uint8Array(32), operatorToken: 'x'.repeat(16) };
const settings = new Settings(checkOptions({ dataDirectory: '/nowhere' }), secrets);
const { coordinatorId } = settings;
const owner = keyOf('owner');
const host = hostIdOf(keyOf('host').publicKey);
const otherHost = hostIdOf(keyOf('other host').publicKey);
/** So few that none comes back while the test runs, however slow the machine. */
const NEWCOMERS_PER_HOUR = 5;
const NEW = { currentRowId: null, address: '10.0.0.1' };
const genesis = accountGenesisOf('Ada', owner);
const accountId = accountIdOf(encodeDagCbor(genesis));

let accounts: SqliteAccounts;
let bindings: AccountBindings;
beforeEach(() => {
  accounts = new SqliteAccounts(testDatabase());
  bindings = new AccountBindings(
    settings,
    accounts,
    new Foundings({ newcomersPerHour: NEWCOMERS_PER_HOUR, isExempt: () => false }),
  );
});

function byKey(hostId: HostId, more: { signer?: typeof owner; account?: string } = {}): AccountBinding {
  const delegation = { version: 1, accountId: more.account ?? accountId, hostId };
  return {
    kind: 'key',
    genesis: seal(genesis, { type: 'account-genesis', coordinatorId }, owner),
    delegation: seal(delegation, { type: 'account-delegation', coordinatorId }, more.signer ?? owner),
  };
}

test('a new host is an account of its own, without a label, and stays it', async () => {
  const first = await bindings.resolveBinding(host, { kind: 'keep' }, NEW);
  expect(first).toMatchObject({ accountId: anonymousAccountIdOf(host), label: null });
  expect(await bindings.resolveBinding(host, { kind: 'keep' }, { ...NEW, currentRowId: first.accountRowId })).toEqual(
    first,
  );
});

test('a delegation by the account’s key joins a host to it', async () => {
  const bound = await bindings.resolveBinding(host, byKey(host), NEW);
  expect(bound).toMatchObject({ accountId, label: 'Ada' });
  expect(await bindings.resolveBinding(otherHost, byKey(otherHost), NEW)).toEqual(bound);
  expect(bindings.accounts([bound.accountRowId, 999])).toEqual(new Map([[bound.accountRowId, bound]]));
});

test('foundings of an address are counted however they arrive, and joinings of accounts that exist are not', async () => {
  const textOf = (name: string) => {
    const key = keyOf(name);
    return toBase64Url(seal(accountGenesisOf(name, key), { type: 'account-genesis', coordinatorId }, key));
  };
  await bindings.found(textOf('account 0'), NEW.address);
  await Promise.all(
    Array.from({ length: NEWCOMERS_PER_HOUR - 1 }, (_, at) => bindings.found(textOf(`account ${at + 1}`), NEW.address)),
  );
  await expect(bindings.found(textOf('one more'), NEW.address)).rejects.toMatchObject({ code: 'MH-GEN-012' });
  await expect(bindings.resolveBinding(host, byKey(host), NEW)).rejects.toMatchObject({ code: 'MH-GEN-012' });
  expect(await bindings.found(textOf('account 0'), NEW.address)).toMatchObject({ label: 'account 0' });
  expect(await bindings.resolveBinding(host, { kind: 'keep' }, NEW)).toMatchObject({ label: null });
  expect(await bindings.resolveBinding(host, byKey(host), { ...NEW, address: '10.0.0.2' })).toMatchObject({
    accountId,
  });
});

test('an account has a bounded number of one-time codes', async () => {
  const { accountRowId } = await bindings.resolveBinding(host, byKey(host), NEW);
  const add = (at: number) =>
    accounts.addCode({ codeHash: hashOfCode(`code ${at}`), accountRowId, expiresAtMs: Date.now() + 60_000 });
  const added = await Promise.all(Array.from({ length: 1001 }, (_, at) => add(at)));
  expect(added.filter(Boolean)).toHaveLength(1000);
});

test('a delegation for another host or account, or by another key, is refused', async () => {
  for (const binding of [
    byKey(otherHost),
    byKey(host, { signer: keyOf('thief') }),
    byKey(host, { account: anonymousAccountIdOf(host) }),
  ])
    await expect(bindings.resolveBinding(host, binding, NEW)).rejects.toMatchObject({ code: 'MH-SIG-004' });
});

test('a code joins one host, again if need be, and nobody else', async () => {
  const { accountRowId } = await bindings.resolveBinding(host, byKey(host), NEW);
  await accounts.addCode({ codeHash: hashOfCode('abcde-fghij'), accountRowId, expiresAtMs: Date.now() + 60_000 });
  const use = (hostId: HostId, code: string) => bindings.resolveBinding(hostId, { kind: 'code', code }, NEW);
  expect(await use(otherHost, 'ABCDE FGHIJ')).toMatchObject({ accountId });
  expect(await use(otherHost, 'abcde-fghij')).toMatchObject({ accountId });
  await expect(use(host, 'abcde-fghij')).rejects.toMatchObject({ code: 'MH-ACC-001' });
  await expect(use(host, 'wrong')).rejects.toMatchObject({ code: 'MH-ACC-001' });
});

test('an expired code is refused', async () => {
  const { accountRowId } = await bindings.resolveBinding(host, byKey(host), NEW);
  await accounts.addCode({ codeHash: hashOfCode('old'), accountRowId, expiresAtMs: Date.now() - 1 });
  await expect(bindings.resolveBinding(otherHost, { kind: 'code', code: 'old' }, NEW)).rejects.toMatchObject({
    code: 'MH-ACC-001',
  });
});

test('a deleted account loses its label and takes no host; its hosts become anonymous', async () => {
  const { accountRowId } = await bindings.resolveBinding(host, byKey(host), NEW);
  await accounts.remove(accountRowId, 5);
  expect(accounts.findRow(accountRowId)).toMatchObject({ accountId, label: null, accountKey: null });
  await expect(bindings.resolveBinding(host, byKey(host), NEW)).rejects.toMatchObject({ code: 'MH-ACC-002' });
  expect(await bindings.resolveBinding(host, { kind: 'keep' }, { ...NEW, currentRowId: accountRowId })).toMatchObject({
    accountId: anonymousAccountIdOf(host),
  });
  expect(bindings.accounts([accountRowId]).size).toBe(0);
});
