// Counts the connections over which apps can act for users, the reverse of count-users.ts. Whether a connection is in effect does not matter.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { hasGrant, isCovered } from '@crosswalk/policy'

import type { Parts } from '../parts.ts'

/**
 * @param ids - of users; counted one per turn of the event loop, since there may be many connections
 * @param isCounted - whether the caller may know the connection
 * @returns the number of connections by user, in the current definitions; inactive and unknown users have none
 */
export async function countConnections(
  { directory, clock }: Parts<'directory' | 'clock'>,
  ids: readonly string[],
  isCounted: (connection: { readonly app: string }) => boolean,
): Promise<ReadonlyMap<string, number>> {
  const { world, users, exchange } = directory.current()
  const now = clock.nowMs() / 1000
  const joined = [...world.connections.values()].flatMap(({ definition: connection }) => {
    const app = world.apps.get(connection.app)?.definition
    const resourceApp = world['resource-apps'].get(connection.resourceApp)?.definition
    const known = app !== undefined && resourceApp !== undefined && isCounted(connection)
    return known ? [{ connection, app, resourceApp }] : []
  })
  const counts = new Map<string, number>()
  for (const user of (await users.findMany(ids)).values()) {
    if (!user.active) continue
    const isGranted = (connection: string) =>
      exchange !== undefined && hasGrant(exchange.accessGrants, { connection, user: user.id }, now)
    const covered = joined.filter((ends) => isCovered(user, ends, isGranted(ends.connection.id)))
    counts.set(user.id, covered.length)
    await nextTurn()
  }
  return counts
}
