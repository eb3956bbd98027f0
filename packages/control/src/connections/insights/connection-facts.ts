// Facts about connections beyond their definitions: the number of users, blocks, and when they were last used.
import { MAX_CONNECTIONS } from '@crosswalk/admin-api'

import type { Handlers } from '../../http/context.ts'
import type { Parts } from '../../parts.ts'
import { invalidRequest } from '../../http/read-request.ts'
import { isInScope } from '../../http/scope.ts'
import { createUserCount } from '../count-users.ts'
import { createBlockCheck } from './block-check.ts'
import { renderLastUse } from './last-use.ts'

export function createConnectionFactsHandler(
  parts: Parts<'directory' | 'storage' | 'clock'>,
): Handlers['connections.facts'] {
  return async ({ query }, { caller }) => {
    const ids = [...new Set(query.ids.split(','))]
    if (ids.length > MAX_CONNECTIONS)
      return invalidRequest([{ path: '/ids', problem: `must have at most ${MAX_CONNECTIONS} ids` }])
    const { world } = parts.directory.current()
    const visible = ids.flatMap((id) => {
      const item = world.connections.get(id)
      return item !== undefined && isInScope(caller, 'connections', item.definition) ? [item.definition] : []
    })
    const uses = await parts.storage.lastUses.read(
      'connection',
      visible.map(({ id }) => id),
    )
    const countUsers = await createUserCount(parts)
    const isBlocked = createBlockCheck(parts)
    const items = []
    for (const { id, app } of visible) {
      const blocked = isBlocked({ appId: app, connectionId: id })
      items.push({ id, people: await countUsers(id), blocked, ...renderLastUse(uses.get(id)) })
    }
    return { status: 200, body: { items } }
  }
}
