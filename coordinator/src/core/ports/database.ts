// Where the rows of the core are.

/** Nest token of the database that the rows are in: a SqliteDatabase. */
export const DATABASE = Symbol('DATABASE');
