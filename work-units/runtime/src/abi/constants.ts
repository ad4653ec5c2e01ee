// Numbers of WASI preview 1 besides errors and rights: file types, flags, clocks, poll events.

export const FileType = { unknown: 0, folder: 3, file: 4 } as const;
export const DescriptorFlag = { append: 1, dataSync: 2, nonBlocking: 4, readSync: 8, sync: 16 } as const;
/** All bits that a guest may set on a descriptor. */
export const DESCRIPTOR_FLAGS = 31;
export const OpenFlag = { create: 1, folder: 2, exclusive: 4, truncate: 8 } as const;
export const OPEN_FLAGS = 15;
export const TimeFlag = { accessed: 1, accessedNow: 2, modified: 4, modifiedNow: 8 } as const;
export const TIME_FLAGS = 15;
export const Whence = { start: 0, current: 1, end: 2 } as const;
export const ClockId = { realtime: 0, monotonic: 1, processTime: 2, threadTime: 3 } as const;
export const PollEvent = { clock: 0, readable: 1, writable: 2 } as const;
/** The last advice of fd_advise that exists. */
export const ADVICE_MAXIMUM = 5;
/** The one module name from which a unit may import. */
export const WASI_MODULE = 'wasi_snapshot_preview1';
/** What prepared modules import and export beyond WASI (ABI.md). */
export const YIELD_MODULE = 'manyhands';
export const YIELD_NAME = 'yield';
export const FUEL_EXPORT = 'manyhands:fuel';
export const FLOOR_EXPORT = 'manyhands:floor';
export const DEPTH_EXPORT = 'manyhands:depth';
/** Set to 1 when memory was refused below the declared maximum. */
export const GROWTH_REFUSED_EXPORT = 'manyhands:growth-refused';
/** The number of a mutable global of the program follows. */
export const GLOBAL_EXPORT_PREFIX = 'manyhands:global:';
/** The memory that commands are unwound into. */
export const STACK_EXPORT = 'manyhands:stack';
