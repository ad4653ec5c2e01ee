// What the operating system, the network and SQLite report, as documented codes with a reason and a remedy: the one place for it.
import { bracketed } from '../addresses/ip-address.js';
import type { ErrorCode } from './error-code.js';

/** The fields that Node and better-sqlite3 give such errors. */
type SystemError = {
  code: string;
  message: string;
  syscall?: unknown;
  path?: unknown;
  dest?: unknown;
  address?: unknown;
  hostname?: unknown;
  port?: unknown;
};

export type Diagnosis = { code: ErrorCode; message: string; meta: Record<string, string | number> };

/** Why a file could not be used, and what to do about it. */
const FILE_TROUBLES: Readonly<Record<string, string>> = {
  EACCES: 'permission is missing. Please use an account that may, or choose another place.',
  EPERM: 'the system does not allow it. Please use an account that may, or choose another place.',
  EROFS: 'that disk is read-only. Please choose another place.',
  ENOENT: 'there is no such file or folder. Please check the path.',
  ENOTDIR: 'a part of its path is a file, not a folder. Please check the path.',
  EISDIR: 'it is a folder, not a file. Please name a file.',
  ENAMETOOLONG: 'its name is too long. Please choose a shorter one.',
  ELOOP: 'its links lead in a circle. Please check the path.',
  EEXIST: 'something of that name is there already. Please choose another name, or move it away.',
  ENOTEMPTY: 'the folder is not empty. Please choose another one.',
  EBUSY: 'another program uses it. Please end that program, or choose another place.',
  ETXTBSY: 'another program runs it. Please end that program, or choose another place.',
  EXDEV: 'it lies on another disk. Please choose a place on the same disk.',
  EFBIG: 'it is larger than its file system allows. Please choose another disk.',
  EIO: 'the disk reports a fault. Please check the disk.',
  EINVAL: 'the system does not take that name. Please choose another one.',
  ENODEV: 'it is no ordinary file. Please name a file.',
  ENXIO: 'it is no ordinary file. Please name a file.',
};

const VERBS: Readonly<Record<string, string>> = {
  mkdir: 'make',
  scandir: 'read',
  read: 'read',
  stat: 'read',
  lstat: 'read',
  write: 'write',
  rename: 'write',
  link: 'write',
  copyfile: 'write',
  fsync: 'write',
  ftruncate: 'write',
  unlink: 'remove',
  rm: 'remove',
  rmdir: 'remove',
};

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);
const EXHAUSTED: Readonly<Record<string, string>> = {
  EMFILE: 'this program has too many files open; raise the limit (ulimit -n) or close other programs.',
  ENFILE: 'this computer has too many files open; close other programs.',
  ENOMEM: 'this computer has no memory left; close other programs.',
  EAGAIN: 'this computer can start no more processes; close other programs.',
};

const NETWORK_TROUBLES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ECONNABORTED: 'the connection was cut',
  ENOTFOUND: 'no computer has that name',
  EAI_AGAIN: 'the name could not be looked up just now',
  EAI_NONAME: 'no computer has that name',
  EAI_FAIL: 'the name could not be looked up',
  ETIMEDOUT: 'no answer came in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer came in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer broke off',
  EHOSTUNREACH: 'there is no way to that computer',
  ENETUNREACH: 'there is no network',
  ENETDOWN: 'there is no network',
  EHOSTDOWN: 'that computer is off',
  EPROTO: 'it does not speak TLS: the address may have to begin with http://',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: the address may have to begin with http://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: the address may have to begin with http://',
  HPE_INVALID_CONSTANT: 'what answers there is no web server: the address may have to begin with https://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself alone',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate leads to an authority that this computer does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate leads to an authority that this computer does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate leads to an authority that this computer does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate leads to an authority that this computer does not trust',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What these codes say of a connection; of files they say something else. */
const CONNECT_TROUBLES: Readonly<Record<string, string>> = {
  EACCES: 'this computer does not allow the connection',
  EPERM: 'this computer does not allow the connection',
  EADDRNOTAVAIL: 'this computer has no way or no free port to it',
  EINVAL: 'it is no address of a computer',
};

/** Why an address could not be reached, in some words. Undefined when the error says nothing of the kind. */
export function networkTrouble(error: unknown): string | undefined {
  const found = innermost(error);
  if (!found) return undefined;
  if (found.syscall === 'connect' && Object.hasOwn(CONNECT_TROUBLES, found.code)) return CONNECT_TROUBLES[found.code];
  if (Object.hasOwn(NETWORK_TROUBLES, found.code)) return NETWORK_TROUBLES[found.code];
  if (/^(ERR_SSL|ERR_TLS|CERT_)/.test(found.code)) return 'no safe connection could be made';
  return /^(HPE_|UND_ERR_)/.test(found.code) ? 'what answers there is no web server' : undefined;
}

/** Why a file could not be used, and what to do: "it is a folder, not a file. Please name a file." */
export function fileTrouble(error: unknown): string {
  const found = innermost(error);
  if (!found) return `${error instanceof Error ? error.message : String(error)}.`.replace(/\.\.$/, '.');
  if (DISK_FULL.has(found.code)) return 'the disk is full. Please make room and try again.';
  return FILE_TROUBLES[found.code] ?? EXHAUSTED[found.code] ?? sqliteTrouble(found.code) ?? `${found.message}.`;
}

/** The code for a file that could not be used: the disk is full, the computer is exhausted, or the file itself. */
export function fileTroubleCode(error: unknown): 'MH-GEN-008' | 'MH-GEN-010' | 'MH-GEN-013' | 'MH-GEN-014' {
  const code = innermost(error)?.code ?? '';
  if (DISK_FULL.has(code)) return 'MH-GEN-010';
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'MH-GEN-008';
  return Object.hasOwn(EXHAUSTED, code) ? 'MH-GEN-014' : 'MH-GEN-013';
}

/** What an error of the system means. Undefined for anything else, which is a fault of ours. */
export function diagnose(error: unknown): Diagnosis | undefined {
  const found = innermost(error);
  if (!found) return undefined;
  return ofAddress(found) ?? ofNetwork(found) ?? ofFile(found);
}

/** Something to listen on, or a program to start. */
function ofAddress({ code, syscall, address, port, path }: SystemError): Diagnosis | undefined {
  const isListening = syscall === 'listen' || syscall === 'bind';
  const place = placeOfError(address, port);
  const meta = { ...(place !== '' && { address: place }) };
  if (code === 'EADDRINUSE')
    return {
      code: 'MH-GEN-006',
      message: `${place || 'The port'} is in use by another program. Please stop it, or choose another port.`,
      meta,
    };
  if (code === 'EADDRNOTAVAIL' && syscall !== 'connect')
    return {
      code: 'MH-GEN-009',
      message: `This computer has no address ${place || 'of that kind'} to listen on. Please choose one that it has, for example 127.0.0.1, ::1 or :: (all).`,
      meta,
    };
  if (isListening && (code === 'EACCES' || code === 'EPERM'))
    return {
      code: 'MH-GEN-009',
      message: `Listening on ${place} needs special rights. Please choose a port from 1024 up.`,
      meta,
    };
  if (typeof syscall !== 'string' || !syscall.startsWith('spawn') || typeof path !== 'string') return undefined;
  return {
    code: fileTroubleCode({ code, message: '' }),
    message: `Can't start ${path}: ${fileTrouble({ code, message: code })}`,
    meta: { path },
  };
}

function ofNetwork(error: SystemError): Diagnosis | undefined {
  const why = networkTrouble(error);
  const isOfNetwork = why !== undefined && typeof error.path !== 'string';
  if (!isOfNetwork) return undefined;
  const place = placeOfError(error.hostname ?? error.address, error.port);
  const message = `${place === '' ? 'The address' : place} cannot be reached: ${why}. Please check the address and the network.`;
  return { code: 'MH-GEN-005', message, meta: place === '' ? {} : { address: place } };
}

function placeOfError(host: unknown, port: unknown): string {
  const parts = [typeof host === 'string' ? bracketed(host) : host, port];
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(':');
}

function ofFile(error: SystemError): Diagnosis | undefined {
  const { code, syscall, path } = error;
  const isKnown =
    DISK_FULL.has(code) ||
    [FILE_TROUBLES, EXHAUSTED].some((known) => Object.hasOwn(known, code)) ||
    sqliteTrouble(code);
  if (!isKnown) return undefined;
  const verb = (typeof syscall === 'string' && VERBS[syscall]) || 'open';
  const message =
    typeof path === 'string' ? `Can't ${verb} ${path}: ${fileTrouble(error)}` : capital(fileTrouble(error));
  return { code: fileTroubleCode(error), message, meta: typeof path === 'string' ? { path } : {} };
}

/** SQLite says what it could not do with its file, not which file it was. */
function sqliteTrouble(code: string): string | undefined {
  if (/^SQLITE_(NOTADB|CORRUPT|FORMAT)/.test(code))
    return 'a database in the data folder is damaged. Please restore the folder from a backup, or choose another one with --data.';
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|AUTH)/.test(code))
    return 'a database in the data folder cannot be opened or written. Please check the rights of the folder and its disk.';
  return /^SQLITE_(BUSY|LOCKED)/.test(code)
    ? 'a database in the data folder is in use by another process. Please stop it, or choose another folder with --data.'
    : undefined;
}

const CAUSES_MAXIMUM = 8;

/** The innermost error of a chain of causes that has a code of the system; fetch, for one, wraps it twice. */
function innermost(error: unknown): SystemError | undefined {
  let found: SystemError | undefined;
  let current = error;
  for (let depth = 0; depth < CAUSES_MAXIMUM && typeof current === 'object' && current !== null; depth += 1) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) found = current as SystemError;
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
