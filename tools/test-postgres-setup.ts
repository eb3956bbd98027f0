// Vitest global set-up: starts one PostgreSQL server for the whole test run, if it is installed. Tests find it
// through `test-databases.ts`.
import { startTestPostgres } from './postgres.ts'
import { POSTGRES_VARIABLE } from './test-databases.ts'

/** Starts the server unless one is given; fails if it is missing and `CI` is set. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[POSTGRES_VARIABLE]) return undefined
  const server = await startTestPostgres()
  if (server === undefined) {
    const message =
      'PostgreSQL is not installed: its tests are skipped (on Debian: apt-get install postgresql)'
    if (process.env['CI']) throw new Error(message)
    console.warn(message)
    return undefined
  }
  process.env[POSTGRES_VARIABLE] = server.url
  return async () => {
    delete process.env[POSTGRES_VARIABLE]
    await server.stop()
  }
}
