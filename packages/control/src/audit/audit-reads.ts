// Reads of the audit logs are themselves recorded: once an hour for each caller and list, whatever pages and periods
// are read, so that neither paging through a log nor a screen that follows it fills the log.
import type { Clock } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'
import { HOUR_MS } from '@crosswalk/protocol'

import { buildAdminEvent } from './change-event.ts'
import type { AdminContext } from '../http/context.ts'

/** More than the callers and lists of an hour; beyond it, reads are recorded more often. */
const MAX_KEPT = 10_000

/** Parameters that do not make it a different list */
const WALK = new Set(['limit', 'cursor', 'since', 'until'])

type Query = Readonly<Record<string, unknown>>

export interface AuditReads {
  /** Resolves once the read is durably recorded, if it needs to be. */
  record(context: AdminContext, query: Query): Promise<void>
}

/** Per process: each of several processes records reads separately. */
export function createAuditReads({
  storage,
  clock,
}: {
  readonly storage: { readonly ledger: Pick<Storage['ledger'], 'commit'> }
  readonly clock: Clock
}): AuditReads {
  /** Time of the last record by name, oldest first */
  const recorded = new Map<string, number>()

  function isRecorded(name: string, nowMs: number): boolean {
    for (const [old, at] of recorded) {
      if (nowMs - at < HOUR_MS && recorded.size <= MAX_KEPT) break
      recorded.delete(old)
    }
    return recorded.has(name)
  }

  return {
    async record(context, query) {
      const nowMs = clock.nowMs()
      const name = nameOf(context, query)
      if (isRecorded(name, nowMs)) return
      recorded.set(name, nowMs)
      const { cursor: _, limit: __, ...asked } = query
      const event = buildAdminEvent(context, nowMs, {
        type: 'audit.read',
        category: 'audit',
        severity: 'info',
        change: { query: asked },
      })
      try {
        await storage.ledger.commit(event)
      } catch (fault) {
        recorded.delete(name)
        throw fault
      }
    },
  }
}

function nameOf({ caller }: AdminContext, query: Query): string {
  const filters = Object.entries(query).filter(([name, value]) => !WALK.has(name) && value !== undefined)
  return JSON.stringify([caller.id, ...filters.sort(([one], [other]) => (one < other ? -1 : 1))])
}
