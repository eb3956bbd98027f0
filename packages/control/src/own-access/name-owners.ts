// The names of the active users who are responsible for an app.
import { nameUser } from '../definitions/name-objects.ts'
import type { Parts } from '../parts.ts'

export async function nameOwners({ directory }: Parts<'directory'>, app: string): Promise<readonly string[]> {
  const { world, users, activeOwners } = directory.current()
  const ids = (world.apps.get(app)?.definition.owners ?? []).filter((id) => activeOwners.has(id))
  const found = await users.findMany(ids)
  return ids.flatMap((id) => nameUser(found.get(id)) ?? [])
}
