// Databases for tests that need the schema of this release. Copying one that has it takes a fraction of the time that its
// migrations take.
import { createDatabase } from '../postgres.ts'

let template: Promise<string> | undefined

/** Creates a database with the current schema and no data on the server of `url`. @returns its URL */
export async function createMigratedDatabase(url: string): Promise<string> {
  template ??= createTemplate(url)
  return createDatabase(url, { template: await template })
}

/** One per process, because PostgreSQL does not copy a database to which anything is connected. */
async function createTemplate(url: string): Promise<string> {
  // Runs that create no database may be unable to load the sources.
  const { openStorage } = await import('../../packages/storage/src/index.ts')
  const created = await createDatabase(url)
  const storage = await openStorage(created)
  await storage.close()
  return new URL(created).pathname.slice(1)
}
