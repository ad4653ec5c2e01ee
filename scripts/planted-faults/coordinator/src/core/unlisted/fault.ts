export const unlisted = 1;
