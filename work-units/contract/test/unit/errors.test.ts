// Errors of the system, the network and of shapes: which code they get and that the words say what to do.
import {
  fileError,
  foreignAnswer,
  formatFuel,
  ManyhandsError,
  refusedWebSocket,
  shapeTrouble,
  unreachable,
  visibleLabelSchema,
} from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const systemError = (code: string, more: Record<string, unknown> = {}): Error =>
  Object.assign(new Error(`${code}: said by the system`), { code, ...more });
const wrapped = (inner: Error): Error => new TypeError('fetch failed', { cause: inner });

describe('errors of the system', () => {
  test.each([
    ['EACCES', { syscall: 'open', path: '/x' }, 'MH-GEN-013'],
    ['EPERM', { syscall: 'mkdir', path: '/x' }, 'MH-GEN-013'],
    ['EROFS', { syscall: 'open', path: '/x' }, 'MH-GEN-013'],
    ['ENOENT', { syscall: 'stat', path: '/x' }, 'MH-GEN-013'],
    ['ENOTDIR', { syscall: 'mkdir', path: '/x' }, 'MH-GEN-013'],
    ['EISDIR', { syscall: 'read' }, 'MH-GEN-013'],
    ['ENAMETOOLONG', { syscall: 'open', path: '/x' }, 'MH-GEN-013'],
    ['ELOOP', { syscall: 'open', path: '/x' }, 'MH-GEN-013'],
    ['ENOTEMPTY', { syscall: 'rmdir', path: '/x' }, 'MH-GEN-013'],
    ['ENOENT', { syscall: 'spawn ps', path: 'ps' }, 'MH-GEN-013'],
    ['ENOSPC', { syscall: 'write' }, 'MH-GEN-010'],
    ['EDQUOT', { syscall: 'write' }, 'MH-GEN-010'],
    ['SQLITE_FULL', {}, 'MH-GEN-010'],
    ['SQLITE_NOTADB', {}, 'MH-GEN-013'],
    ['SQLITE_CORRUPT_VTAB', {}, 'MH-GEN-013'],
    ['SQLITE_READONLY', {}, 'MH-GEN-013'],
    ['SQLITE_CANTOPEN', {}, 'MH-GEN-013'],
    ['SQLITE_BUSY', {}, 'MH-GEN-008'],
    ['EMFILE', { syscall: 'open', path: '/x' }, 'MH-GEN-014'],
    ['ENOMEM', {}, 'MH-GEN-014'],
    ['EAGAIN', { syscall: 'spawn node', path: 'node' }, 'MH-GEN-014'],
    ['EADDRINUSE', { syscall: 'listen', address: '127.0.0.1', port: 80 }, 'MH-GEN-006'],
    ['EADDRNOTAVAIL', { syscall: 'listen', address: '9.9.9.9', port: 80 }, 'MH-GEN-009'],
    ['EACCES', { syscall: 'listen', address: '0.0.0.0', port: 80 }, 'MH-GEN-009'],
    ['ENOTFOUND', { syscall: 'getaddrinfo', hostname: 'nowhere' }, 'MH-GEN-005'],
    ['ECONNREFUSED', { syscall: 'connect', address: '127.0.0.1', port: 1 }, 'MH-GEN-005'],
    ['EADDRNOTAVAIL', { syscall: 'connect', address: '127.0.0.1', port: 1 }, 'MH-GEN-005'],
    ['EACCES', { syscall: 'connect', address: '10.0.0.1', port: 1 }, 'MH-GEN-005'],
    ['EACCES', { syscall: 'connect', path: '/x.sock' }, 'MH-GEN-013'],
    ['CERT_HAS_EXPIRED', {}, 'MH-GEN-005'],
    ['ERR_SSL_TLSV1_ALERT', {}, 'MH-GEN-005'],
  ])('%s %j is %s', (code, more, expected) => {
    const error = ManyhandsError.from(systemError(code, more));
    expect(error.code).toBe(expected);
    expect(error.message).not.toContain('said by the system');
    expect(error.message).toMatch(/[.)]$/);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('the path or the address is named, and what to do', () => {
    const denied = ManyhandsError.from(systemError('EACCES', { syscall: 'mkdir', path: '/root/x' }));
    expect(denied).toMatchObject({
      message: "Can't make /root/x: permission is missing. Please use an account that may, or choose another place.",
      meta: { path: '/root/x' },
    });
    const taken = ManyhandsError.from(systemError('EADDRINUSE', { syscall: 'listen', address: '::', port: 99 }));
    expect(taken).toMatchObject({ meta: { address: '[::]:99' } });
    expect(taken.message).toMatch(/^\[::\]:99 is in use by another program/);
    expect(ManyhandsError.from(systemError('ENOTFOUND', { hostname: 'a.b' })).message).toMatch(
      /^a\.b cannot be reached: no computer has that name\./,
    );
    expect(ManyhandsError.from(systemError('EISDIR', { syscall: 'read' })).message).toBe(
      'It is a folder, not a file. Please name a file.',
    );
  });

  test('it is found inside other errors, and what is none of them is a fault of ours', () => {
    expect(ManyhandsError.from(wrapped(wrapped(systemError('ECONNREFUSED')))).code).toBe('MH-GEN-005');
    const several = new AggregateError([systemError('ECONNREFUSED'), systemError('ETIMEDOUT')]);
    expect(ManyhandsError.from(wrapped(several)).code).toBe('MH-GEN-005');
    for (const ours of [new Error('x'), new TypeError('y'), systemError('ERR_INVALID_ARG_TYPE'), 'text', null, {}])
      expect(ManyhandsError.from(ours).code).toBe('MH-GEN-001');
    const known = new ManyhandsError('MH-GEN-003');
    expect(ManyhandsError.from(known)).toBe(known);
  });

  test('a file that could not be used', () => {
    expect(fileError('read', '/x', systemError('EISDIR'))).toMatchObject({
      code: 'MH-GEN-013',
      message: "Can't read /x: it is a folder, not a file. Please name a file.",
      meta: { path: '/x' },
    });
    expect(fileError('write', '/x', systemError('ENOSPC')).code).toBe('MH-GEN-010');
    expect(fileError('open', '/x', systemError('EMFILE')).code).toBe('MH-GEN-014');
    expect(fileError('lock', '/x', systemError('SQLITE_BUSY')).code).toBe('MH-GEN-008');
    expect(fileError('read', '/x', new Error('odd')).message).toBe("Can't read /x: odd.");
    expect(fileError('read', '/x', systemError('ESTRANGE')).message).toContain('said by the system');
  });
});

describe('no coordinator at an address', () => {
  const at = 'http://x:1';
  const words = (cause: unknown): string => {
    const error = unreachable(at, cause);
    expect(error.code).toBe('MH-GEN-005');
    expect(error.meta).toEqual({ url: at });
    return error.message;
  };

  test('nothing answers', () => {
    expect(words(wrapped(systemError('ECONNREFUSED')))).toMatch(
      /^Can't reach .* at http:\/\/x:1: nothing listens there\./,
    );
    expect(words(new Error(''))).toMatch(/: Error\. /);
    expect(words('odd')).toMatch(/: odd\. /);
  });

  test('something else answers: each in its own words, with its status', () => {
    const said = (status: number, contentType?: string): [string, string] => {
      const { code, message, meta } = foreignAnswer(at, { status, contentType: contentType ?? null });
      expect(meta).toEqual({ url: at, status });
      expect(message).toContain(`(HTTP ${status})`);
      expect(message).toContain(at);
      return [code, message];
    };
    for (const status of [301, 302, 307, 511]) expect(said(status)[0]).toBe('MH-NET-003');
    for (const status of [502, 503, 504]) expect(said(status, 'text/html')[0]).toBe('MH-NET-005');
    for (const status of [200, 400, 403, 404, 407, 500]) expect(said(status)[0]).toBe('MH-NET-001');
    expect(said(413)).toEqual(['MH-NET-002', expect.stringContaining('client_max_body_size')]);
    expect(said(200, 'text/html; charset=utf-8')[1]).toMatch(/a web page answers.* log in/);
    expect(said(407)[1]).toContain('password');
  });

  test('a WebSocket that is not opened is a matter of the proxy, unless the whole call went elsewhere', () => {
    const codeOf = (status: number): string => refusedWebSocket(at, { status }).code;
    expect([200, 400, 403, 404, 426, 501].map(codeOf)).toEqual(Array.from({ length: 6 }, () => 'MH-NET-004'));
    expect([302, 511, 502, 407].map(codeOf)).toEqual(['MH-NET-003', 'MH-NET-003', 'MH-NET-005', 'MH-NET-001']);
    expect(refusedWebSocket(at, { status: 400 }).message).toMatch(/HTTP 400.*Upgrade and Connection/);
  });

  test('TLS where there is none, or the other way round, is said without OpenSSL’s words', () => {
    expect(words(wrapped(systemError('ERR_SSL_WRONG_VERSION_NUMBER')))).toContain('begin with http://');
    expect(words(wrapped(systemError('ERR_SSL_PACKET_LENGTH_TOO_LONG')))).toContain('begin with http://');
    expect(words(wrapped(systemError('HPE_INVALID_CONSTANT')))).toContain('begin with https://');
    expect(words(wrapped(systemError('HPE_INVALID_METHOD')))).toContain('no web server');
  });
});

describe('wrong shapes', () => {
  const schema = z.strictObject({
    memoryBytes: z
      .int()
      .min(64 * 1024 ** 2)
      .max(1024 ** 4),
    cpus: z.int().min(1).max(1024),
    name: z
      .string()
      .min(1)
      .max(5)
      .regex(/^\p{L}+$/u),
    url: z.url(),
    level: z.enum(['low', 'high']),
    limits: z.strictObject({ timeoutMs: z.int().min(1000).max(604_800_000) }),
    list: z.array(z.string().min(2)).max(2),
    label: visibleLabelSchema,
  });
  const right = {
    ...{ memoryBytes: 2 ** 30, cpus: 2, name: 'ada', url: 'http://x', level: 'low' },
    ...{ limits: { timeoutMs: 5000 }, list: ['ab'], label: 'Ada' },
  };
  const names = { memoryBytes: '--memory', 'limits.timeoutMs': '--timeout', list: 'a word' };

  test.each([
    [{ memoryBytes: 5 }, '--memory must be at least 64 MiB'],
    [{ memoryBytes: 2 ** 50 }, '--memory must be at most 1024 GiB'],
    [{ memoryBytes: 1.5 }, '--memory must be a whole number'],
    [{ memoryBytes: 'x' }, '--memory must be a number'],
    [{ memoryBytes: undefined }, '--memory must be a number'],
    [{ cpus: 0 }, 'cpus must be at least 1'],
    [{ cpus: 2000 }, 'cpus must be at most 1024'],
    [{ name: '' }, 'name must not be empty; name has characters that are not allowed there'],
    [{ name: 'abcdef' }, 'name must have at most 5 characters'],
    [{ name: 'a1' }, 'name has characters that are not allowed there'],
    [{ url: 'x' }, 'url must be an address such as https://hands.example.org'],
    [{ level: 'middle' }, 'level must be one of: low, high'],
    [{ limits: { timeoutMs: 5 } }, '--timeout must be at least 1 s'],
    [{ limits: { timeoutMs: 1e12 } }, '--timeout must be at most 7 days'],
    [{ list: ['a', 'b'] }, 'a word must have at least 2 characters'],
    [{ list: ['ab', 'ab', 'ab'] }, 'a word must have at most 2 entries'],
    [{ label: '   ' }, 'label must have a visible character'],
    [{ label: '\u2800\u3164' }, 'label must have a visible character'],
    [{ odd: 1 }, 'it has parts that nobody knows: odd'],
  ])('%j: %s', (wrong, words) => {
    const { error } = schema.safeParse({ ...right, ...wrong });
    expect(error && shapeTrouble(error, names)).toBe(words);
  });

  test('a name may be shown when one can see it', () => {
    for (const label of ['Ada', ' a ', '名', '.', 'x'.repeat(80)])
      expect(visibleLabelSchema.safeParse(label).success).toBe(true);
  });
});

test('fuel as people read it', () => {
  const figures = [0, 999, 1000, 20_000_000_000, 4_294_967_296, 999_400, 999_600, 9e15].map(formatFuel);
  expect(figures).toEqual(['0', '999', '1 k', '20 G', '4.29 G', '999 k', '1 M', '9 P']);
});
