// The coordinator: publishes work, checks results, grants credit.
export { type BackupSummary, backupCoordinator } from './backup/backup.js';
export { restoreCoordinator } from './backup/restore.js';
export { optionsFromEnvironment } from './config/environment.js';
export type { CoordinatorOptions } from './config/options.js';
export { type RunningCoordinator, startCoordinator } from './main.js';
