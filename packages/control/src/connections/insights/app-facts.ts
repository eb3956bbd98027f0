// Facts about requesting apps beyond their definitions: the number of connections, blocks, and when they were last used.
import { MAX_APPS } from '@crosswalk/admin-api'

import type { Handlers } from '../../http/context.ts'
import type { Parts } from '../../parts.ts'
import { invalidRequest } from '../../http/read-request.ts'
import { isInScope } from '../../http/scope.ts'
import { createBlockCheck } from './block-check.ts'
import { renderLastUse } from './last-use.ts'

export function createAppFactsHandler(
  parts: Parts<'directory' | 'storage' | 'clock'>,
): Handlers['apps.facts'] {
  const { directory, storage } = parts
  return async ({ query }, { caller }) => {
    const ids = [...new Set(query.ids.split('\n'))]
    if (ids.length > MAX_APPS)
      return invalidRequest([{ path: '/ids', problem: `must have at most ${MAX_APPS} ids` }])
    const { world } = directory.current()
    const connections = new Map<string, number>()
    for (const { definition } of world.connections.values())
      connections.set(definition.app, (connections.get(definition.app) ?? 0) + 1)
    const visible = ids.filter((id) => {
      const item = world.apps.get(id)
      return item !== undefined && isInScope(caller, 'apps', item.definition)
    })
    const uses = await storage.lastUses.read('app', visible)
    const isBlocked = createBlockCheck(parts)
    const items = visible.map((id) => ({
      id,
      blocked: isBlocked({ appId: id }),
      connections: connections.get(id) ?? 0,
      ...renderLastUse(uses.get(id)),
    }))
    return { status: 200, body: { items } }
  }
}
