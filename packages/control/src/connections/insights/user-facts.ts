// Facts about users beyond their definitions: the number of connections, blocks, and when an app last acted for them.
import { MAX_USERS } from '@crosswalk/admin-api'

import { countConnections } from '../count-connections.ts'
import type { Handlers } from '../../http/context.ts'
import { invalidRequest } from '../../http/read-request.ts'
import { isInScope } from '../../http/scope.ts'
import type { Parts } from '../../parts.ts'
import { createBlockCheck } from './block-check.ts'
import { renderLastUse } from './last-use.ts'

export function createUserFactsHandler(
  parts: Parts<'directory' | 'storage' | 'clock'>,
): Handlers['users.facts'] {
  return async ({ query }, { caller }) => {
    const ids = [...new Set(query.ids.split('\n'))]
    if (ids.length > MAX_USERS)
      return invalidRequest([{ path: '/ids', problem: `must have at most ${MAX_USERS} ids` }])
    // A role that covers some apps must not learn when others were used.
    const uses = caller.apps === undefined ? await parts.storage.lastUses.read('user_ref', ids) : undefined
    const connections = await countConnections(parts, ids, (connection) =>
      isInScope(caller, 'connections', connection),
    )
    const isBlocked = createBlockCheck(parts)
    const items = ids.map((id) => ({
      id,
      connections: connections.get(id) ?? 0,
      blocked: isBlocked({ userId: id }),
      ...(uses === undefined ? {} : renderLastUse(uses.get(id))),
    }))
    return { status: 200, body: { items } }
  }
}
