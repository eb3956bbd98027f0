// Facts about connections beyond their definitions: the number of users, and when they were last used.
import { MAX_CONNECTIONS } from '@crosswalk/admin-api'
import { findAssignment, findGrants } from '@crosswalk/policy'

import type { CompiledWorld } from '../../definitions/compile-world.ts'
import type { Handlers } from '../../http/context.ts'
import type { Parts } from '../../parts.ts'
import { invalidRequest } from '../../http/read-request.ts'
import { isInScope } from '../../http/scope.ts'
import { renderLastUse } from './last-use.ts'

export function createConnectionFactsHandler(
  parts: Parts<'directory' | 'storage' | 'clock'>,
): Handlers['connections.facts'] {
  return async ({ query }, { caller }) => {
    const ids = [...new Set(query.ids.split(','))]
    if (ids.length > MAX_CONNECTIONS)
      return invalidRequest([{ path: '/ids', problem: `must have at most ${MAX_CONNECTIONS} ids` }])
    const compiled = parts.directory.current()
    const visible = ids.filter((id) => {
      const item = compiled.world.connections.get(id)
      return item !== undefined && isInScope(caller, 'connections', item.definition)
    })
    const uses = await parts.storage.lastUses.read('connection', visible)
    const inactive = await compiled.users.listInactive()
    const items = []
    for (const id of visible)
      items.push({
        id,
        people: await countUsers(compiled, id, { inactive, now: parts.clock.nowMs() / 1000 }),
        ...renderLastUse(uses.get(id)),
      })
    return { status: 200, body: { items } }
  }
}

/** All three assignments must include a user; an access grant replaces two of them. Users are counted by id. */
async function countUsers(
  { world, users, exchange }: CompiledWorld,
  id: string,
  { inactive, now }: { readonly inactive: ReadonlySet<string>; readonly now: number },
): Promise<number> {
  const connection = world.connections.get(id)?.definition
  const app = world.apps.get(connection?.app ?? '')?.definition
  const resourceApp = world['resource-apps'].get(connection?.resourceApp ?? '')?.definition
  if (connection === undefined || app === undefined || resourceApp === undefined) return 0
  const narrowing = [connection.assignments, app.assignments, resourceApp.assignments].filter(
    ({ everyone }) => !everyone,
  )
  if (narrowing.length === 0) return (await users.items.count()) - inactive.size
  const [first = new Set<string>(), ...others] = await Promise.all(
    narrowing.map((assignments) => users.listAssigned(assignments)),
  )
  const reaching = new Set([...first].filter((user) => others.every((other) => other.has(user))))
  const isGranted = (user: string) =>
    exchange !== undefined && findGrants(exchange.accessGrants, { connection: id, user }, now).length > 0
  const granted = [...world.accessGrants.values()].flatMap((grant) =>
    grant.connection === id && isGranted(grant.user) ? [grant.user] : [],
  )
  for (const user of (await users.findMany(granted)).values())
    if (findAssignment(app.assignments, user) !== undefined) reaching.add(user.id)
  return [...reaching].filter((user) => !inactive.has(user)).length
}
