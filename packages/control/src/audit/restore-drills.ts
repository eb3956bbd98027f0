// Restore drills: checks that a verified copy of a database is one of ours, and records that it could be restored.
import type { CallTo } from '@crosswalk/admin-api'
import type { RecordedEvent } from '@crosswalk/storage'

import type { Handlers } from '../http/context.ts'
import { conflict } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { recordAdminEvent } from './change-event.ts'
import { findEventAt } from './find-event.ts'

/** The last event of a chain of the copy */
type CopiedEnd = CallTo<'restore-drills.record'>['body']['chains'][number]

export function createRestoreDrillHandlers(
  parts: Parts<'storage' | 'clock'>,
): Pick<Handlers, 'restore-drills.record'> {
  return {
    async 'restore-drills.record'({ body: { chains } }, context) {
      const ends: RecordedEvent[] = []
      const removedUntil = await readRemovedUntil(parts)
      for (const copied of chains) {
        const end = await compare(parts, copied, removedUntil.get(copied.chain))
        if (end === 'other')
          return conflict(
            `Event ${copied.seq} of ${copied.chain} differs here: the copy is of another server, or one of the two logs was changed.`,
          )
        if (end !== 'removed') ends.push(end)
      }
      const newestAt = ends
        .map(({ event }) => event.time)
        .sort()
        .at(-1)
      if (newestAt === undefined)
        return conflict(
          'Retention has removed all events of the copy, so it cannot be matched to this server.',
        )
      const laterEvents = (await countEvents(parts)) - chains.reduce((sum, { seq }) => sum + seq, 0)
      await recordAdminEvent(parts, context, {
        type: 'restore.drilled',
        category: 'audit',
        target: { kind: 'audit_log', id: '*' },
        change: { newest_at: newestAt, later_events: laterEvents },
      })
      const drilledAt = new Date(parts.clock.nowMs()).toISOString()
      return { status: 200, body: { drilledAt, newestAt, laterEvents } }
    },
  }
}

/** @returns the number of the last event that retention has removed, by chain */
async function readRemovedUntil({ storage }: Parts<'storage'>): Promise<ReadonlyMap<string, number>> {
  const checkpoints = await storage.auditCheckpoints.list()
  return new Map(checkpoints.flatMap(({ kind, chain, seq }) => (kind === 'cut' ? [[chain, seq]] : [])))
}

/** @returns the same event here; `removed` if retention has removed it */
async function compare(
  { storage: { events } }: Parts<'storage'>,
  copied: CopiedEnd,
  removedUntil = 0,
): Promise<RecordedEvent | 'removed' | 'other'> {
  const here = await findEventAt(events, copied)
  if (here !== undefined) return here.hash === copied.hash ? here : 'other'
  return copied.seq <= removedUntil ? 'removed' : 'other'
}

async function countEvents({ storage }: Parts<'storage'>): Promise<number> {
  return (await storage.events.heads()).reduce((sum, { seq }) => sum + seq, 0)
}
