// Whether the audit logs are as they were written: recomputed, and compared with what was sealed. A verification is
// recorded itself.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { ChainVerdict } from '@crosswalk/storage'

import { type Anchors, collectAnchors } from './delivery/anchors.ts'
import { listLogs } from './audit.ts'
import { ADMIN_LOG, buildAdminEvent } from './change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { createOneAtATime } from './one-at-a-time.ts'
import type { Parts } from '../http/parts.ts'
import { buildProblem } from '../http/problem.ts'

type ProofHandlers = Pick<Handlers, 'audit.verify' | 'audit.verify-with' | 'audit-checkpoints.list'>

export function createAuditProofHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'auditKeeper'>,
): ProofHandlers {
  const verifications = createOneAtATime<Verification>()
  const verifyFor = async (context: AdminContext, kept: readonly string[]) => {
    const { signal: left = NEVER } = context
    const running = verifications.run(kept.join('\n'), left, (signal) => verify(parts, kept, signal))
    if (running === undefined) return BUSY
    const verification = await running.catch((fault: unknown) => {
      // No one hears the answer, and there is nothing to record that anyone learned.
      if (left.aborted) return undefined
      throw fault
    })
    if (verification === undefined) return BUSY
    await record(parts, context, verification)
    return { status: 200, body: verification } as const
  }
  return {
    'audit.verify': (_, context) => verifyFor(context, []),
    'audit.verify-with': ({ body: { checkpoints } }, context) => verifyFor(context, checkpoints),
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

const NEVER = new AbortController().signal
const BUSY = buildProblem('busy', {
  detail: 'Another verification is running, and only one does at a time. Ask again when it has ended.',
  headers: { 'retry-after': '5' },
})

type Verification = AnswerTo<'audit.verify'>

async function verify(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'auditKeeper'>,
  kept: readonly string[],
  signal: AbortSignal,
): Promise<Verification> {
  const anchors = await readAnchors(parts, kept)
  const logs: Verification['logs'] = []
  // Also those that nothing but a checkpoint knows of: an attacker may have removed such a log entirely.
  const names = new Set([...(await listLogs(parts)), ...anchors.byLog.keys()])
  // One after the other: each reads its whole log.
  for (const log of [...names].sort()) logs.push(await verifyLog(log, parts, { anchors, kept, signal }))
  const bad = logs.find(({ ok }) => !ok)
  return {
    ok: bad === undefined && anchors.foreign === 0,
    events: logs.reduce((total, { events }) => total + events, 0),
    foreignCheckpoints: anchors.foreign,
    ...(bad?.firstBad === undefined ? {} : { firstBad: { log: bad.log, ...bad.firstBad } }),
    ...describeLimitation(logs),
    logs,
  }
}

function describeLimitation(logs: Verification['logs']): Pick<Verification, 'limitation'> {
  const unanchored = logs.filter(({ external }) => external === 0).map(({ log }) => log)
  if (unanchored.length === 0) return {}
  return {
    limitation: `Nothing outside the database was compared for ${unanchored.join(', ')}. Anyone who can write the database can cut a log together with its head and its checkpoints, and such a cut is not found this way. Keep checkpoints elsewhere, and verify against them.`,
  }
}

function readAnchors(
  { storage, auditKeeper, configuration }: Parts<'configuration' | 'storage' | 'auditKeeper'>,
  kept: readonly string[],
) {
  return collectAnchors(storage, auditKeeper.seal, { file: configuration.audit.checkpoints.file, kept })
}

interface Means {
  readonly anchors: Anchors
  readonly kept: readonly string[]
  readonly signal: AbortSignal
}

/** Once more where the log was cut meanwhile, since then what was missing was removed. */
async function verifyLog(
  log: string,
  parts: Parts<'configuration' | 'storage' | 'auditKeeper'>,
  { anchors, kept, signal }: Means,
): Promise<Verification['logs'][number]> {
  const { events } = parts.storage
  const verdict = await events.verify(log, anchors.byLog.get(log), signal)
  if (verdict.ok) return renderVerdict(log, verdict, anchors)
  const again = await readAnchors(parts, kept)
  const same = again.byLog.get(log)?.cut?.seq === anchors.byLog.get(log)?.cut?.seq
  const last = same ? verdict : await events.verify(log, again.byLog.get(log), signal)
  return renderVerdict(log, last, again)
}

function renderVerdict(
  log: string,
  { head, ...verdict }: ChainVerdict,
  { byLog, external }: Anchors,
): Verification['logs'][number] {
  const { cut, sealed } = byLog.get(log) ?? {}
  return {
    ...{ log, ...verdict, head: { ...head }, begins: (cut?.seq ?? 0) + 1 },
    ...{ checkpoints: sealed?.size ?? 0, external: external.get(log) ?? 0 },
  }
}

async function record(
  { storage, clock }: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { logs: _, limitation: __, ...outcome }: Verification,
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
