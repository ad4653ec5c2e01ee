// One step of the database from a version to the next.
export type Migration = {
  /** What `PRAGMA user_version` holds once the migration has run. */
  readonly version: number;
  readonly sql: string;
};
