// Error numbers of WASI preview 1 that this host returns.

export const Errno = {
  success: 0,
  badDescriptor: 8,
  exists: 20,
  badAddress: 21,
  illegalByteSequence: 25,
  invalid: 28,
  isFolder: 31,
  nameTooLong: 37,
  notFound: 44,
  notFolder: 54,
  notEmpty: 55,
  notSupported: 58,
  valueTooLarge: 61,
  notSeekable: 70,
  notCapable: 76,
} as const;

export type ErrnoValue = (typeof Errno)[keyof typeof Errno];
