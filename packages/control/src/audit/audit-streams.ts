// Streams of audit events for administrators: their state, replay and test. A replay or test is recorded before it
// happens.
import type { auditStreamRoutes } from '@crosswalk/admin-api'
import { ADMIN_LOG } from '@crosswalk/as-core'
import { AUDIT_EVENT_TYPES } from '@crosswalk/protocol'

import { recordAdminEvent } from './change-event.ts'
import type { Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { AuditStreamsPart, StreamState } from './delivery/audit-streams.ts'
import { isWanted } from './delivery/deliver-stream.ts'
import { notFound } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'

export function createAuditStreamHandlers(
  parts: Parts<'storage' | 'clock'> & AuditStreamsPart,
): Pick<Handlers, keyof typeof auditStreamRoutes> {
  const { auditStreams, storage } = parts
  return {
    async 'audit-streams.list'() {
      const [states, abandoned] = await Promise.all([auditStreams.describe(), countAbandoned(storage)])
      const items = states.map((state) => ({ ...state, abandoned: abandoned.get(state.id) ?? 0 }))
      return { status: 200, body: { items } }
    },
    async 'audit-streams.replay'({ params: { id }, body: { after } }, context) {
      const missing = notFound(`There is no stream ${id}.`)
      const before = (await auditStreams.describe()).find((stream) => stream.id === id)
      if (before === undefined) return missing
      const heads = new Map((await storage.events.heads()).map(({ chain, seq }) => [chain, seq]))
      const errors = Object.entries(after).flatMap(([chain, seq]) =>
        findProblem(chain, seq, heads.get(chain)),
      )
      if (errors.length > 0) return invalidRequest(errors)
      await recordAdminEvent(parts, context, {
        type: 'stream.replayed',
        category: 'audit',
        target: { kind: 'audit_stream', id },
        change: { before: before.positions, after },
      })
      const placed = await auditStreams.place(id, new Map(Object.entries(after)))
      if (placed === undefined) return missing
      const abandoned = await countAbandoned(storage)
      return { status: 200, body: { ...placed, abandoned: abandoned.get(id) ?? 0 } }
    },
    async 'audit-streams.test'({ params: { id }, body: { type: chosen } }, context) {
      const missing = notFound(`There is no stream ${id}.`)
      const stream = (await auditStreams.describe()).find((one) => one.id === id)
      if (stream === undefined) return missing
      const type = chosen ?? chooseTestType(stream)
      const problem = findTestProblem(stream, type)
      if (problem !== undefined) return invalidRequest([{ path: '/type', problem }])
      await recordAdminEvent(parts, context, {
        type: 'stream.tested',
        category: 'audit',
        target: { kind: 'audit_stream', id },
        change: { type },
      })
      const tested = await auditStreams.test(id, type)
      if (tested === undefined) return missing
      const { undelivered } = tested
      const { error = null, answer = null } = undelivered ?? {}
      return { status: 200, body: { id: tested.id, type, delivered: error === null, error, answer } }
    },
  }
}

/** Those of all streams together; far more than a receiver rejects before someone repairs it. */
const MAX_ABANDONED_COUNTED = 1000

/** @returns for each stream, how many events it gave up, as recorded in the log */
async function countAbandoned({ events }: Parts<'storage'>['storage']): Promise<ReadonlyMap<string, number>> {
  const { items } = await events.list({
    log: ADMIN_LOG,
    types: ['stream.abandoned'],
    limit: MAX_ABANDONED_COUNTED,
  })
  const byStream = Map.groupBy(items, ({ event }) => event.target?.id ?? '')
  return new Map([...byStream].map(([stream, { length }]) => [stream, length]))
}

/** A type that the stream sends, and that says itself what it is if possible. */
function chooseTestType({ types }: StreamState): string {
  const all = ['stream.tested', ...AUDIT_EVENT_TYPES.keys()]
  return all.find((type) => isWanted(type, types)) ?? ''
}

function findTestProblem({ type: kind, types }: StreamState, type: string): string | undefined {
  if (kind === 'file') return 'a file has no receiver to test'
  if (!AUDIT_EVENT_TYPES.has(type)) return `there is no event ${type}`
  return isWanted(type, types) ? undefined : `the stream sends only ${types?.join(', ') ?? ''}`
}

function findProblem(chain: string, seq: number, head: number | undefined) {
  const path = `/after/${chain}`
  if (head === undefined) return [{ path, problem: `there is no log ${chain}` }]
  return seq > head ? [{ path, problem: `the log has ${head} events` }] : []
}
