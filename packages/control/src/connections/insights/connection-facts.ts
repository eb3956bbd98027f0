// Facts about connections that are not in their definitions: for how many users, and when they were last used.
import { MAX_CONNECTIONS } from '@crosswalk/admin-api'
import { findAssignment, findGrants } from '@crosswalk/policy'

import type { CompiledWorld } from '../../definitions/compile-world.ts'
import { listAssigned } from '../../definitions/user-index.ts'
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
      return invalidRequest([{ path: '/ids', problem: `are more than ${MAX_CONNECTIONS}` }])
    const compiled = parts.directory.current()
    const visible = ids.filter((id) => {
      const item = compiled.world.connections.get(id)
      return item !== undefined && isInScope(caller, 'connections', item.definition)
    })
    const uses = await parts.storage.lastUses.read('connection', visible)
    const items = visible.map((id) => ({
      id,
      people: countUsers(compiled, id, parts.clock.nowMs() / 1000),
      ...renderLastUse(uses.get(id)),
    }))
    return { status: 200, body: { items } }
  }
}

/** All three assignments must name a user, or an access grant stands for two of them. */
function countUsers({ world, people, members, exchange }: CompiledWorld, id: string, now: number): number {
  const connection = world.connections.get(id)?.definition
  const app = world.apps.get(connection?.app ?? '')?.definition
  const resourceApp = world['resource-apps'].get(connection?.resourceApp ?? '')?.definition
  if (connection === undefined || app === undefined || resourceApp === undefined) return 0
  const all = [connection.assignments, app.assignments, resourceApp.assignments]
  const narrowest = all.find(({ everyone }) => !everyone)
  const candidates = narrowest === undefined ? people.keys() : listAssigned({ people, members }, narrowest)
  const reaching = new Set<string>()
  for (const user of candidates) {
    const person = people.get(user)
    if (person?.active === true && all.every((one) => findAssignment(one, person) !== undefined))
      reaching.add(user)
  }
  for (const { connection: over, user } of world.accessGrants.values()) {
    const person = people.get(user)
    const isGranted =
      over === id && exchange && findGrants(exchange.accessGrants, { connection: id, user }, now).length > 0
    if (
      isGranted === true &&
      person?.active === true &&
      findAssignment(app.assignments, person) !== undefined
    )
      reaching.add(user)
  }
  return reaching.size
}
