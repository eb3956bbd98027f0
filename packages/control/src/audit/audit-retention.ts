// How long events are kept, and the legal hold that keeps all of them. Each change is durable together with its audit
// event.
import type { AnswerTo } from '@crosswalk/admin-api'

import { readStored } from '../definitions/read-stored.ts'
import { HOLDS } from './delivery/cut-chain.ts'
import { type AdminEvent, buildAct } from './change-event.ts'
import { type Handlers, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { toMoment } from '../http/to-moment.ts'

type RetentionHandlers = Pick<
  Handlers,
  'audit-retention.read' | 'audit-retention.hold' | 'audit-retention.release'
>

export function createAuditRetentionHandlers(
  parts: Parts<'configuration' | 'storage' | 'clock' | 'inTurn'>,
): RetentionHandlers {
  const { storage, clock } = parts
  return {
    'audit-retention.read': async () => ({ status: 200, body: await describe(parts) }),
    'audit-retention.hold': (_, context) =>
      parts.inTurn(async () => {
        const at = clock.nowMs()
        const { caller, reason = '' } = context
        const body = { by: principalOf(caller), since: new Date(at).toISOString(), reason }
        if ((await findHold(parts)) === undefined)
          await storage.objects.put({
            ...buildAct(context, at, { ...describeChange('audit.held'), body }),
            ifRevision: 0,
          })
        return { status: 200, body: await describe(parts) }
      }),
    'audit-retention.release': (_, context) =>
      parts.inTurn(async () => {
        if ((await findHold(parts)) !== undefined)
          await storage.objects.remove(buildAct(context, clock.nowMs(), describeChange('audit.released')))
        return { status: 200, body: await describe(parts) }
      }),
  }
}

function describeChange(type: string) {
  const target = { kind: 'audit_log', id: '*' }
  const event: AdminEvent = { type, category: 'audit', severity: 'warning', target }
  return { ...HOLDS, event }
}

async function findHold({ storage }: Parts<'storage'>) {
  const stored = await storage.objects.find(HOLDS.collection, HOLDS.id)
  return stored && readStored(HOLDS.collection, stored)
}

async function describe(
  parts: Parts<'configuration' | 'storage'>,
): Promise<AnswerTo<'audit-retention.read'>> {
  const { storage, configuration } = parts
  const checkpoints = await storage.auditCheckpoints.list()
  const cuts = new Map(checkpoints.filter(({ kind }) => kind === 'cut').map((cut) => [cut.chain, cut]))
  return {
    retentionDays: configuration.audit.retentionDays ?? null,
    hold: (await findHold(parts)) ?? null,
    logs: (await storage.events.heads()).map(({ log, chain, seq }) => {
      const cut = cuts.get(chain)
      return {
        log,
        chain,
        begins: (cut?.seq ?? 0) + 1,
        ends: seq,
        cutAt: toMoment(cut?.time),
      }
    }),
  }
}
