// A whole server: from a configuration to listening roles.
export { runServer } from './run-server.ts'
export { type RunningServer, startServer } from './start-server.ts'
export { resealDatabase, type ResealOrder } from './reseal-database.ts'
