// The configured streams: each is followed while the server runs, by one process at a time. Also describes streams and
// resets their positions.
import { randomUUID } from 'node:crypto'

import type { AuditStreamView } from '@crosswalk/admin-api'
import {
  ADMIN_LOG,
  type AuditEvent,
  buildAuditEvent,
  type Clock,
  createGuardedPost,
  createRounds,
  isLoopbackHost,
} from '@crosswalk/as-core'
import type { AuditStreamDefinition } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

import { createDelivery, type DeliveryParts, type FollowedStream } from './deliver-stream.ts'
import { buildTestEvent } from './test-event.ts'
import { createFileSink } from './sinks/file-sink.ts'
import { createHttpSink } from './sinks/http-sink.ts'
import type { Sink, Undelivered } from './sinks/sink.ts'
import { createSyslogSink } from './sinks/syslog-sink.ts'
import { toMoment } from '../../http/to-moment.ts'

const FOLLOW_MS = 1000
const OF_STREAMS = { category: 'audit', actor: { kind: 'system', id: 'audit-streams' } } as const

export interface AuditStreamParts {
  readonly definitions: readonly AuditStreamDefinition[]
  readonly storage: Pick<Storage, 'events' | 'auditStreams' | 'ledger' | 'expiry'>
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

/** What the tables of delivery know; the rest of a view is in the log */
export type StreamState = Omit<AuditStreamView, 'abandoned'>

export interface RunningStreams {
  /** The state of each stream, in the order of the configuration */
  describe(): Promise<readonly StreamState[]>
  /** The lowest number of a chain that every stream has delivered; undefined if there are no streams */
  passed(chain: string): Promise<number | undefined>
  /** Restarts a stream after these positions. @returns its new state, or undefined if there is no such stream */
  place(id: string, positions: ReadonlyMap<string, number>): Promise<StreamState | undefined>
  /**
   * Sends a test event of this type, whatever types the stream sends.
   *
   * @returns undefined if there is no such stream
   */
  test(id: string, type: string): Promise<TestDelivery | undefined>
  /** One round of every stream, as runs every second */
  deliver(): Promise<void>
  close(): Promise<void>
}

export interface TestDelivery {
  /** Of the test event */
  readonly id: string
  /** Absent if the receiver took it */
  readonly undelivered?: Undelivered
}

export interface AuditStreamsPart {
  readonly auditStreams: RunningStreams
}

export function createAuditStreams(parts: AuditStreamParts): RunningStreams {
  const { definitions, storage, clock, onFault } = parts
  const holder = randomUUID()
  let closing = false
  const post = createGuardedPost({ allowLoopback: definitions.some(reachesLoopback) })
  const streams: readonly FollowedStream[] = definitions.map((definition) => ({
    id: definition.id,
    types: definition.types,
    sink: createSink(definition, { post, clock }),
  }))
  const delivery: DeliveryParts = {
    storage,
    holder,
    isClosing: () => closing,
    onTurn: async (stream, turn, error) => {
      await storage.ledger.commit({ log: ADMIN_LOG, event: buildTurnEvent(clock, { stream, turn, error }) })
    },
    onAbandoned: async (stream, { chain, seq, event }, error) => {
      const abandoned = buildAuditEvent(clock.nowMs(), {
        ...OF_STREAMS,
        type: 'stream.abandoned',
        severity: 'critical',
        outcome: 'failure',
        target: { kind: 'audit_stream', id: stream },
        change: { chain, seq, event: event.id },
        reason: error,
      })
      await storage.ledger.commit({ log: ADMIN_LOG, event: abandoned })
    },
  }
  const rounds = streams.map((stream) =>
    createRounds(createDelivery(stream, delivery), {
      everyMs: FOLLOW_MS,
      onFault: (fault) => onFault(fault, `audit stream ${stream.id}`),
    }),
  )
  return {
    describe: () => Promise.all(definitions.map((definition) => describeStream(definition, parts))),
    async passed(chain) {
      if (streams.length === 0) return undefined
      const cursors = await Promise.all(streams.map(({ id }) => storage.auditStreams.cursors(id)))
      return Math.min(...cursors.map((positions) => positions.get(chain) ?? 0))
    },
    async place(id, positions) {
      const definition = definitions.find((it) => it.id === id)
      if (definition === undefined) return undefined
      await storage.auditStreams.place(id, positions)
      return describeStream(definition, parts)
    },
    async test(id, type) {
      const stream = streams.find((it) => it.id === id)
      if (stream === undefined) return undefined
      const sample = buildTestEvent(clock.nowMs(), { type, stream: id })
      const undelivered = await stream.sink.send({ chain: sample.chain, events: [sample] })
      return { id: sample.event.id, ...(undelivered === undefined ? {} : { undelivered }) }
    },
    async deliver() {
      await Promise.all(rounds.map((it) => it.run()))
    },
    async close() {
      closing = true
      await Promise.all(rounds.map((it) => it.close()))
      await Promise.all(streams.map(({ id }) => storage.auditStreams.release(id, holder)))
      await Promise.all([...streams.map(({ sink }) => sink.close()), post.close()])
    },
  }
}

function createSink(definition: AuditStreamDefinition, shared: Parameters<typeof createHttpSink>[1]): Sink {
  switch (definition.type) {
    case 'file':
      return createFileSink(definition)
    case 'syslog':
      return createSyslogSink(definition)
    case 'http':
      return createHttpSink(definition, shared)
  }
}

/** Loopback is reachable only if the operator configured a loopback address. */
function reachesLoopback(definition: AuditStreamDefinition): boolean {
  return definition.type === 'http' && isLoopbackHost(new URL(definition.url).hostname)
}

async function describeStream(
  definition: AuditStreamDefinition,
  { storage: { events, auditStreams, expiry } }: Pick<AuditStreamParts, 'storage'>,
): Promise<StreamState> {
  const { id, type, format, types } = definition
  const [state, cursors, heads, nowMs] = await Promise.all([
    auditStreams.find(id),
    auditStreams.cursors(id),
    events.heads(),
    expiry.readTimeMs(),
  ])
  const behind = heads.filter(({ chain, seq }) => (cursors.get(chain) ?? 0) < seq)
  const oldest = await Promise.all(
    behind.map(async ({ chain }) => {
      const [next] = await events.readAfter({ chain, afterSeq: cursors.get(chain) ?? 0 }, 1)
      return next === undefined ? [] : [Date.parse(next.event.time)]
    }),
  )
  const oldestMs = Math.min(...oldest.flat())
  return {
    id,
    type,
    format,
    ...(types === undefined ? {} : { types: [...types] }),
    to: describeTarget(definition),
    state: (state?.failures ?? 0) > 0 ? 'failing' : behind.length > 0 ? 'behind' : 'current',
    lagEvents: behind.reduce((total, { chain, seq }) => total + seq - (cursors.get(chain) ?? 0), 0),
    lagSeconds: behind.length === 0 ? 0 : Math.max(0, Math.round((nowMs - oldestMs) / 1000)),
    delivered: state?.delivered ?? 0,
    failures: state?.failures ?? 0,
    lastDeliveredAt: toMoment(state?.lastDeliveredAt),
    lastError: state?.lastError ?? null,
    lastErrorAt: toMoment(state?.lastErrorAt),
    positions: Object.fromEntries(heads.map(({ chain }) => [chain, cursors.get(chain) ?? 0])),
  }
}

function describeTarget(definition: AuditStreamDefinition): string {
  switch (definition.type) {
    case 'file':
      return definition.path
    case 'syslog':
      return `${definition.protocol}://${definition.host}:${definition.port}`
    case 'http': {
      // The query may hold a secret of the collector.
      const { origin, pathname } = new URL(definition.url)
      return origin + pathname
    }
  }
}

function buildTurnEvent(
  clock: Clock,
  { stream, turn, error }: { stream: string; turn: 'failed' | 'recovered'; error: string | undefined },
): AuditEvent {
  return buildAuditEvent(clock.nowMs(), {
    ...OF_STREAMS,
    type: `stream.${turn}`,
    severity: turn === 'failed' ? 'warning' : 'notice',
    outcome: turn === 'failed' ? 'failure' : 'success',
    target: { kind: 'audit_stream', id: stream },
    ...(error === undefined ? {} : { reason: error }),
  })
}
