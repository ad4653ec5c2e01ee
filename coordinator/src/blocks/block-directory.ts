// Token of the folder of public blocks.

export const BLOCK_DIRECTORY = Symbol('block directory');
