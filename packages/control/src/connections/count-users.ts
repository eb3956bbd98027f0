// Counts the users who can be represented over a connection, for everything that says how many it has. Whether the connection is in effect
// does not matter.
import { findAssignment, hasGrant } from '@crosswalk/policy'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { Parts } from '../parts.ts'

/** @returns the number of active users of a connection, by its id, in the current definitions */
export async function createUserCount({
  directory,
  clock,
}: Parts<'directory' | 'clock'>): Promise<(id: string) => Promise<number>> {
  const compiled = directory.current()
  const inactive = await compiled.users.listInactive()
  const counted = new Map<string, number>()
  let all: Promise<number> | undefined
  const countAll = () => (all ??= compiled.users.items.count())
  return (id) => countUsers(compiled, id, { inactive, counted, countAll, now: clock.nowMs() / 1000 })
}

interface Counting {
  readonly inactive: ReadonlySet<string>
  /** Counts without access grants, by the assignments, which many connections share */
  readonly counted: Map<string, number>
  /** Counts once: the database reads an index entry of every user */
  countAll(): Promise<number>
  /** Epoch seconds */
  readonly now: number
}

/** All three assignments must include a user; an access grant replaces two of them. Users are counted by id. */
async function countUsers(
  { world, users, exchange }: CompiledWorld,
  id: string,
  { inactive, counted, countAll, now }: Counting,
): Promise<number> {
  const connection = world.connections.get(id)?.definition
  const app = world.apps.get(connection?.app ?? '')?.definition
  const resourceApp = world['resource-apps'].get(connection?.resourceApp ?? '')?.definition
  if (connection === undefined || app === undefined || resourceApp === undefined) return 0
  const narrowing = [connection.assignments, app.assignments, resourceApp.assignments].filter(
    ({ everyone }) => !everyone,
  )
  if (narrowing.length === 0) return (await countAll()) - inactive.size
  const isGranted = (user: string) =>
    exchange !== undefined && hasGrant(exchange.accessGrants, { connection: id, user }, now)
  const granted = [...world.accessGrants.values()].flatMap((grant) =>
    grant.connection === id && isGranted(grant.user) ? [grant.user] : [],
  )
  const key = JSON.stringify(narrowing)
  const known = granted.length === 0 ? counted.get(key) : undefined
  if (known !== undefined) return known
  const [first = new Set<string>(), ...others] = await Promise.all(
    narrowing.map((assignments) => users.listAssigned(assignments)),
  )
  const reaching = new Set([...first].filter((user) => others.every((other) => other.has(user))))
  for (const user of (await users.findMany(granted)).values())
    if (findAssignment(app.assignments, user) !== undefined) reaching.add(user.id)
  const count = [...reaching].filter((user) => !inactive.has(user)).length
  if (granted.length === 0) counted.set(key, count)
  return count
}
