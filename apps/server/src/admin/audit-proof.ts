// Whether the audit logs are as they were written: recomputed, and compared with what was sealed. A verification is
// recorded itself.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { ChainVerdict } from '@crosswalk/storage'

import { type Anchors, collectAnchors } from '../audit/anchors.ts'
import { listLogs } from './audit.ts'
import { ADMIN_LOG, buildAdminEvent } from './change-event.ts'
import type { AdminContext, Handlers } from './context.ts'
import type { AdminParts } from './parts.ts'

type ProofHandlers = Pick<Handlers, 'audit.verify' | 'audit.verify-with' | 'audit-checkpoints.list'>

export function createAuditProofHandlers(parts: AdminParts): ProofHandlers {
  return {
    'audit.verify': async (_, context) => ({ status: 200, body: await verify(parts, context, []) }),
    'audit.verify-with': async ({ body: { checkpoints } }, context) => ({
      status: 200,
      body: await verify(parts, context, checkpoints),
    }),
    async 'audit-checkpoints.list'({ query: { log, latest } }) {
      const { storage, auditKeeper } = parts
      await auditKeeper.sealNow()
      const all = await storage.auditCheckpoints.list(log)
      const shown = latest === 'true' ? all.filter((it, index) => all[index + 1]?.log !== it.log) : all
      const items = shown.map((it) => ({ ...it, time: new Date(it.time).toISOString() }))
      return { status: 200, body: { items, publicKey: { ...auditKeeper.seal.publicJwk } } }
    },
  }
}

type Verification = AnswerTo<'audit.verify'>

async function verify(
  parts: AdminParts,
  context: AdminContext,
  kept: readonly string[],
): Promise<Verification> {
  const anchors = await readAnchors(parts, kept)
  const logs: Verification['logs'] = []
  // One after the other: each reads its whole log.
  for (const log of await listLogs(parts)) logs.push(await verifyLog(log, anchors, parts, kept))
  const bad = logs.find(({ ok }) => !ok)
  const outcome = {
    ok: bad === undefined && anchors.foreign === 0,
    events: logs.reduce((total, { events }) => total + events, 0),
    foreignCheckpoints: anchors.foreign,
    ...(bad?.firstBad === undefined ? {} : { firstBad: { log: bad.log, ...bad.firstBad } }),
  }
  await record(parts, context, outcome)
  return { ...outcome, logs }
}

function readAnchors({ storage, auditKeeper, configuration }: AdminParts, kept: readonly string[]) {
  return collectAnchors(storage, auditKeeper.seal, { file: configuration.audit.checkpoints.file, kept })
}

/** Once more where the log was cut meanwhile, since then what was missing was removed. */
async function verifyLog(
  log: string,
  { byLog }: Anchors,
  parts: AdminParts,
  kept: readonly string[],
): Promise<Verification['logs'][number]> {
  const anchors = byLog.get(log) ?? {}
  const verdict = await parts.storage.events.verify(log, anchors)
  if (verdict.ok) return renderVerdict(log, verdict, anchors)
  const again = (await readAnchors(parts, kept)).byLog.get(log) ?? {}
  const same = again.cut?.seq === anchors.cut?.seq
  return renderVerdict(log, same ? verdict : await parts.storage.events.verify(log, again), again)
}

function renderVerdict(
  log: string,
  { head, ...verdict }: ChainVerdict,
  { cut, sealed }: Parameters<AdminParts['storage']['events']['verify']>[1] & object,
): Verification['logs'][number] {
  return { log, ...verdict, head: { ...head }, begins: (cut?.seq ?? 0) + 1, checkpoints: sealed?.size ?? 0 }
}

async function record(
  { storage, clock }: AdminParts,
  context: AdminContext,
  outcome: Omit<Verification, 'logs'>,
): Promise<void> {
  const event = {
    ...buildAdminEvent(context, clock.nowMs(), {
      type: 'audit.verified',
      category: 'audit',
      severity: outcome.ok ? 'info' : 'critical',
      change: outcome,
    }),
    outcome: outcome.ok ? ('success' as const) : ('failure' as const),
  }
  await storage.ledger.commit({ log: ADMIN_LOG, event })
}
