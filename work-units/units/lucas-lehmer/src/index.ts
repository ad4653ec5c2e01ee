// The unit as a library: what its page and its tests need beside the program.
export const UNIT_NAME = 'lucas-lehmer';
