// Rights of descriptors in WASI preview 1, as bit masks.

const bit = (position: number): bigint => 1n << BigInt(position);

export const Right = {
  dataSync: bit(0),
  read: bit(1),
  seek: bit(2),
  setFlags: bit(3),
  sync: bit(4),
  tell: bit(5),
  write: bit(6),
  advise: bit(7),
  allocate: bit(8),
  createFolder: bit(9),
  createFile: bit(10),
  open: bit(13),
  readFolder: bit(14),
  readLink: bit(15),
  renameFrom: bit(16),
  renameTo: bit(17),
  pathStat: bit(18),
  pathSetSize: bit(19),
  pathSetTimes: bit(20),
  stat: bit(21),
  setSize: bit(22),
  setTimes: bit(23),
  removeFolder: bit(25),
  unlink: bit(26),
  poll: bit(27),
} as const;

const together = (...rights: bigint[]): bigint => rights.reduce((all, right) => all | right, 0n);

/** Everything that can be done with an open file. */
export const FILE_RIGHTS = together(
  Right.dataSync,
  Right.read,
  Right.seek,
  Right.setFlags,
  Right.sync,
  Right.tell,
  Right.write,
  Right.advise,
  Right.allocate,
  Right.stat,
  Right.setSize,
  Right.setTimes,
  Right.poll,
);

/** Everything that can be done with an open folder. */
export const FOLDER_RIGHTS = together(
  Right.dataSync,
  Right.setFlags,
  Right.sync,
  Right.createFolder,
  Right.createFile,
  Right.open,
  Right.readFolder,
  Right.readLink,
  Right.renameFrom,
  Right.renameTo,
  Right.pathStat,
  Right.pathSetSize,
  Right.pathSetTimes,
  Right.stat,
  Right.setTimes,
  Right.removeFolder,
  Right.unlink,
  Right.poll,
);

/** Standard input: a file that can only be read. */
export const INPUT_RIGHTS = together(
  Right.read,
  Right.seek,
  Right.tell,
  Right.advise,
  Right.setFlags,
  Right.stat,
  Right.poll,
);
/** Standard output and error: written from front to back. */
export const STREAM_RIGHTS = together(Right.write, Right.dataSync, Right.sync, Right.setFlags, Right.stat, Right.poll);
