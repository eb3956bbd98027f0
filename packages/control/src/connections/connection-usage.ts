// How connections are used, from the events: which are idle, and which expire soon. Changes nothing.
import { inPortions } from '@crosswalk/as-core'
import type { ConnectionUsage, connectionUsageRoutes } from '@crosswalk/admin-api'
import { type ConnectionDefinition, DAY_MS } from '@crosswalk/protocol'
import type { ConnectionUse } from '@crosswalk/storage'

import type { Handlers } from '../http/context.ts'
import { readPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { findResponsibility } from '../approvals/own-interest.ts'
import { isInScope } from '../http/scope.ts'
import { toMoment } from '../http/to-moment.ts'

export function createConnectionUsageHandlers(
  parts: Parts<'directory' | 'storage' | 'clock'>,
): Pick<Handlers, keyof typeof connectionUsageRoutes> {
  return {
    async 'connection-usage.list'({ query }, { caller }) {
      const { world } = parts.directory.current()
      const { connections } = world
      const nowMs = parts.clock.nowMs()
      const seen = [...connections.values()].filter(
        (item) =>
          isInScope(caller, 'connections', item.definition) &&
          (query.mine !== true || findResponsibility(world, item, caller) !== undefined) &&
          // First, because reading uses is the most expensive step.
          endsWithin(endOf(item.definition), query.expiringWithinDays, nowMs),
      )
      const ids = seen.map(({ definition: { id } }) => id).sort()
      async function* each(after: string) {
        // No more than the page needs.
        for await (const some of inPortions(ids.filter((id) => id > after))) {
          const uses = await parts.storage.connectionUses.read(some, nowMs - query.countDays * DAY_MS)
          for (const id of some) {
            const item = connections.get(id)
            const use = uses.get(id)
            if (item === undefined || use === undefined) continue
            const idleMs = Math.max(use.lastUsedAt ?? 0, item.updatedAt ?? 0)
            if (isIdle(idleMs, query.unusedForDays, nowMs))
              yield [id, renderUsage(item.definition, use)] as const
          }
        }
      }
      return readPage(query, each)
    },
  }
}

function endOf({ expiresAt }: Pick<ConnectionDefinition, 'expiresAt'>): number | undefined {
  return expiresAt === undefined ? undefined : Date.parse(expiresAt)
}

function endsWithin(endsMs: number | undefined, days: number | undefined, nowMs: number): boolean {
  if (days === undefined) return true
  return endsMs !== undefined && endsMs > nowMs && endsMs <= nowMs + days * DAY_MS
}

function isIdle(idleMs: number, days: number | undefined, nowMs: number): boolean {
  return days === undefined || idleMs <= nowMs - days * DAY_MS
}

type Connection = Pick<ConnectionUsage, 'app' | 'resourceApp' | 'status'> & {
  readonly id: string
  readonly scopes: readonly string[]
  readonly expiresAt?: string | undefined
}

function renderUsage(
  { id, app, resourceApp, scopes, status, expiresAt }: Connection,
  { lastUsedAt, uses, people }: ConnectionUse,
): ConnectionUsage {
  return {
    connection: id,
    app,
    resourceApp,
    scopes: [...scopes],
    status,
    expiresAt: expiresAt ?? null,
    lastUsedAt: toMoment(lastUsedAt),
    uses,
    people,
  }
}
