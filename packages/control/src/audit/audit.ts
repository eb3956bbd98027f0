// Reads the audit logs: as pages for the console, as lines for machines. Both kinds of read are recorded.
import { type EventFormat, NDJSON } from '@crosswalk/admin-api'
import type { LogHead, RecordedEvent } from '@crosswalk/storage'

import { renderEvent } from './delivery/render-event.ts'
import { createAuditReads } from './audit-reads.ts'
import { recordAdminEvent } from './change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { listEvents } from './decisions.ts'
import type { ExportLimit } from './export-limit.ts'
import { type EventFilter, matchesFilter, readFilter } from './event-filter.ts'
import type { Parts } from '../parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { streamChain } from './stream-chain.ts'
import { invalidRequest } from '../http/read-request.ts'

export function createAuditHandlers(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  exportLimit: ExportLimit,
): Pick<Handlers, 'audit.list'> {
  const reads = createAuditReads(parts)
  return {
    async 'audit.list'({ query }, context) {
      const filter = await readFilter(parts, query)
      if (acceptsLines(context.headers))
        return exportLimit.stream(context, () => openExport(parts, { query, filter }, context))
      for (const name of ['afterSeq', 'format'] as const)
        if (query[name] !== undefined)
          return invalidRequest([{ path: `/${name}`, problem: `needs Accept: ${NDJSON}` }])
      const { limit, cursor } = query
      const page = await listEvents(parts, { ...filter, limit, ...(cursor === undefined ? {} : { cursor }) })
      if (isProblem(page)) return page
      await reads.record(context, query)
      return { status: 200, body: { items: page.items.map(showEvent), next: page.next ?? null } }
    },
  }
}

type Query = Parameters<Handlers['audit.list']>[0]['query']

/** Lines are returned only if they are named, and JSON is not preferred (RFC 9110 section 12.5.1). */
function acceptsLines(headers: Headers): boolean {
  const ranges = (headers.get('accept') ?? '').toLowerCase().split(',')
  const weigh = (type: string) => {
    const [, ...parameters] = ranges.map(splitRange).find(([name]) => name === type) ?? [type, 'q=0']
    return Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1)
  }
  return weigh(NDJSON) > 0 && weigh(NDJSON) >= weigh('application/json')
}

function splitRange(range: string): readonly string[] {
  return range.split(';').map((part) => part.trim())
}

type ShownEvent = Extract<
  Awaited<ReturnType<Handlers['audit.list']>>,
  { status: 200; body: object }
>['body']['items'][number]

function showEvent({ log, chain, seq, prevHash, hash, event }: RecordedEvent): ShownEvent {
  return { log, chain, seq, prevHash, hash, ...event }
}

interface Export {
  readonly query: Query
  readonly filter: EventFilter
}

async function openExport(
  parts: Parts<'storage' | 'clock'>,
  { query, filter }: Export,
  context: AdminContext,
) {
  const starts = readStarts(query)
  if (isProblem(starts)) return starts
  const { limit: _, cursor: __, ...filters } = query
  // Recorded first, so that the export includes its own event.
  await recordAdminEvent(parts, context, {
    type: 'audit.exported',
    category: 'audit',
    change: { query: filters },
  })
  const heads = await parts.storage.events.heads()
  const chains = heads.filter(({ log }) => filter.log === undefined || log === filter.log)
  const chunks = streamLines(parts, { chains, starts, filter, format: query.format ?? 'ndjson' })
  return { chunks, headers: { 'content-type': NDJSON } }
}

/** @returns the number after which each chain begins */
function readStarts({ log, afterSeq }: Query): ReadonlyMap<string, number> | Problem {
  if (afterSeq === undefined) return new Map()
  if (!/^\d+$/.test(afterSeq))
    return new Map(
      afterSeq.split(',').map((part) => {
        const at = part.lastIndexOf(':')
        return [part.slice(0, at), Number(part.slice(at + 1))] as const
      }),
    )
  if (log !== undefined) return new Map([[log, Number(afterSeq)]])
  return invalidRequest([{ path: '/afterSeq', problem: 'must name the logs if no log is given' }])
}

async function* streamLines(
  { storage }: Parts<'storage'>,
  {
    chains,
    starts,
    filter,
    format,
  }: {
    readonly chains: readonly Pick<LogHead, 'log' | 'chain'>[]
    readonly starts: ReadonlyMap<string, number>
    readonly filter: EventFilter
    readonly format: EventFormat
  },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const { log, chain } of chains) {
    const all = { log, chain, afterSeq: starts.get(chain) ?? 0, upTo: Infinity }
    for await (const event of streamChain({ storage }, all))
      if (matchesFilter(event, filter)) yield encoder.encode(renderEvent(event, format))
  }
}
