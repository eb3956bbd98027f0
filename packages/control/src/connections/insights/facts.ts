// Facts about requesting apps, users and connections beyond their definitions: how many they have of each other, blocks,
// and when they were last used.
import { MAX_APPS, MAX_CONNECTIONS, MAX_USERS } from '@crosswalk/admin-api'
import { type BlockQuestion, findBlock } from '@crosswalk/policy'
import type { LastUse } from '@crosswalk/storage'

import type { Handlers } from '../../http/context.ts'
import { isProblem, type Problem } from '../../http/problem.ts'
import { invalidRequest } from '../../http/read-request.ts'
import { isInScope } from '../../http/scope.ts'
import { toMoment } from '../../http/to-moment.ts'
import type { Parts } from '../../parts.ts'
import { countConnections } from '../count-connections.ts'
import { createUserCount } from '../count-users.ts'

type FactParts = Parts<'directory' | 'storage' | 'clock'>

export function createFactHandlers(
  parts: FactParts,
): Pick<Handlers, 'apps.facts' | 'users.facts' | 'connections.facts'> {
  const { directory, storage } = parts
  return {
    async 'apps.facts'({ query }, { caller }) {
      const ids = readIds(query.ids, '\n', MAX_APPS)
      if (isProblem(ids)) return ids
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
    },
    async 'users.facts'({ query }, { caller }) {
      const ids = readIds(query.ids, '\n', MAX_USERS)
      if (isProblem(ids)) return ids
      // A role that covers some apps must not learn when others were used.
      const uses = caller.apps === undefined ? await storage.lastUses.read('user_ref', ids) : undefined
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
    },
    async 'connections.facts'({ query }, { caller }) {
      const ids = readIds(query.ids, ',', MAX_CONNECTIONS)
      if (isProblem(ids)) return ids
      const { world } = directory.current()
      const visible = ids.flatMap((id) => {
        const { definition } = world.connections.get(id) ?? {}
        return definition !== undefined && isInScope(caller, 'connections', definition) ? [definition] : []
      })
      const uses = await storage.lastUses.read(
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
    },
  }
}

function readIds(ids: string, separator: string, most: number): readonly string[] | Problem {
  const each = [...new Set(ids.split(separator))]
  return each.length > most
    ? invalidRequest([{ path: '/ids', problem: `must have at most ${most} ids` }])
    : each
}

type About = Partial<Pick<BlockQuestion, 'userId' | 'appId' | 'connectionId'>>

/** @returns whether a block denies every request for a user, of an app or over a connection */
function createBlockCheck({ directory, clock }: FactParts): (about: About) => boolean {
  const blocks = [...directory.current().world.blocks.values()]
  const now = clock.nowMs() / 1000
  return (about) => findBlock(blocks, { now, userId: undefined, appId: undefined, ...about }) !== undefined
}

/** The last exchange that was allowed, and the last attempt that was denied. */
function renderLastUse(use: LastUse | undefined) {
  return { lastUsedAt: toMoment(use?.lastUsedAt), lastDeniedAt: toMoment(use?.lastDeniedAt) }
}
