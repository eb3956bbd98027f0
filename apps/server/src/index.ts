// A complete server: from a configuration to listening roles.
export { runServer } from './run-server.ts'
export { type RunningServer, startServer } from './start-server.ts'
export { resealDatabase, type ResealOrder } from './reseal-database.ts'
export { backUpDatabase } from './backup/backup-database.ts'
export { restoreDatabase } from './backup/restore-database.ts'
export { verifyRestored } from './backup/verify-restored.ts'
export { checkDatabase } from './check-database.ts'
export { migrateDatabase } from './backup/migrate-database.ts'
