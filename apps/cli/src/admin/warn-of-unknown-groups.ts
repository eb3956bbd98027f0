// Warns about assigned groups that do not exist. The server accepts them, because a directory may provide a group later;
// but a mistyped one would silently give access to no user.
import type { AdminCommand } from './admin-options.ts'
import { sanitize } from './table.ts'

/** Call it after the change. It never fails, since the change succeeded, and a role may not see groups. */
export async function warnOfUnknownGroups(
  { client, terminal }: AdminCommand,
  assignments: { readonly groups: readonly string[] } | undefined,
): Promise<void> {
  const groups = assignments?.groups ?? []
  if (groups.length === 0) return
  const query = { ids: groups.join('\n'), limit: groups.length }
  const found = await client.call('groups.list', { query }).catch(() => undefined)
  if (found === undefined) return
  const known = new Set(found.body.items.map(({ id }) => id))
  const list = terminal.suggest('npx crosswalk group list')
  for (const group of groups.filter((id) => !known.has(id)))
    terminal.writeErr(`${sanitize(group)} is not a group of any user; see: ${list}\n`)
}
