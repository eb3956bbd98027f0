// Verifies the audit logs: recomputes their chains and compares them with the sealed checkpoints. Each verification is
// itself recorded.
import type { AnswerTo } from '@crosswalk/admin-api'
import { ADMIN_LOG } from '@crosswalk/as-core'
import type { ChainVerdict } from '@crosswalk/storage'

import { type Anchors, collectAnchors } from './delivery/anchors.ts'
import { recordAdminEvent } from './change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import { renderCheckpoints } from './render-checkpoints.ts'
import { createSingleFlight } from './single-flight.ts'
import type { Parts } from '../parts.ts'
import type { AuditKeeperPart } from './delivery/audit-keeper.ts'
import { buildProblem } from '../http/problem.ts'

type VerificationHandlers = Pick<Handlers, 'audit.verify' | 'audit.verify-with' | 'audit-checkpoints.list'>

export function createVerificationHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'> & AuditKeeperPart,
): VerificationHandlers {
  const verifications = createSingleFlight<Verification>()
  const verifyFor = async (context: AdminContext, kept: readonly string[]) => {
    const verification = await verifications.run(kept.join('\n'), context.signal, (signal) =>
      verify(parts, kept, signal),
    )
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
      const shown = latest === 'true' ? all.filter((it, index) => all[index + 1]?.chain !== it.chain) : all
      return { status: 200, body: renderCheckpoints(shown, auditKeeper.seal) }
    },
  }
}

const BUSY = buildProblem('busy', {
  detail: 'Another verification is running.',
  headers: { 'retry-after': '5' },
})

type Verification = AnswerTo<'audit.verify'>

async function verify(
  parts: Parts<'configuration' | 'directory' | 'storage'> & AuditKeeperPart,
  kept: readonly string[],
  signal: AbortSignal,
): Promise<Verification> {
  const anchors = await readAnchors(parts, kept)
  const logs: Verification['logs'] = []
  // Sequential: each reads its whole chain.
  for (const chain of await listChains(parts, anchors))
    logs.push(await verifyChain(chain, parts, { anchors, kept, signal }))
  const bad = logs.find(({ ok }) => !ok)
  return {
    ok: bad === undefined && anchors.foreign === 0,
    events: logs.reduce((total, { events }) => total + events, 0),
    foreignCheckpoints: anchors.foreign,
    ...(bad?.firstBad === undefined ? {} : { firstBad: { log: bad.log, chain: bad.chain, ...bad.firstBad } }),
    ...describeLimitation(logs),
    logs,
  }
}

function describeLimitation(logs: Verification['logs']): Pick<Verification, 'limitation'> {
  const unanchored = logs.filter(({ external }) => external === 0).map(({ chain }) => chain)
  if (unanchored.length === 0) return {}
  return {
    limitation: `No checkpoint outside the database was compared for ${unanchored.join(', ')}. Anyone who can write to the database can truncate a log together with its head and its checkpoints, and this verification cannot detect it. Keep checkpoints elsewhere, and verify against them.`,
  }
}

function readAnchors(
  { storage, auditKeeper, configuration }: Parts<'configuration' | 'storage'> & AuditKeeperPart,
  kept: readonly string[],
) {
  return collectAnchors(storage, auditKeeper.seal, { file: configuration.audit.checkpoints.file, kept })
}

interface NamedChain {
  readonly log: string
  readonly chain: string
}

/**
 * Includes logs that should have events, to detect a log that was removed completely, and chains known only from a
 * checkpoint, because an attacker may have removed such a chain.
 */
async function listChains(
  { storage, directory, configuration }: Parts<'configuration' | 'directory' | 'storage'>,
  { byChain }: Anchors,
): Promise<readonly NamedChain[]> {
  const servers = [...directory.current().world['authorization-servers'].keys()].map((id) => `as:${id}`)
  const own = [...(configuration.idp === undefined ? [] : ['idp']), ADMIN_LOG, ...servers]
  const named = [
    ...(await storage.events.heads()).map(({ log, chain }) => ({ log, chain })),
    ...own.map((log) => ({ log, chain: log })),
    ...[...byChain].map(([chain, { log }]) => ({ log, chain })),
  ]
  const unique = new Map(named.map((one) => [one.chain, one]))
  return [...unique.values()].sort((one, other) => (one.chain < other.chain ? -1 : 1))
}

interface Verifying {
  readonly anchors: Anchors
  readonly kept: readonly string[]
  readonly signal: AbortSignal
}

/** Verifies again while the chain is being cut: the events that seemed missing were then removed by retention. */
async function verifyChain(
  named: NamedChain,
  parts: Parts<'configuration' | 'storage'> & AuditKeeperPart,
  { anchors, kept, signal }: Verifying,
): Promise<Verification['logs'][number]> {
  const ofChain = ({ byChain }: Anchors) => byChain.get(named.chain)
  for (let now = anchors; ;) {
    const verdict = await parts.storage.events.verify(named.chain, ofChain(now), signal)
    const next = verdict.ok ? now : await readAnchors(parts, kept)
    if (ofChain(next)?.cut?.seq === ofChain(now)?.cut?.seq) return renderVerdict(named, verdict, next)
    now = next
  }
}

function renderVerdict(
  { log, chain }: NamedChain,
  { head, ...verdict }: ChainVerdict,
  { byChain, external }: Anchors,
): Verification['logs'][number] {
  const { cut, sealed } = byChain.get(chain) ?? {}
  return {
    ...{ log, chain, ...verdict, head: { ...head }, begins: (cut?.seq ?? 0) + 1 },
    ...{ checkpoints: sealed?.size ?? 0, external: external.get(chain) ?? 0 },
  }
}

async function record(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { logs: _, limitation: __, ...outcome }: Verification,
): Promise<void> {
  await recordAdminEvent(parts, context, {
    type: 'audit.verified',
    category: 'audit',
    severity: outcome.ok ? 'info' : 'critical',
    outcome: outcome.ok ? 'success' : 'failure',
    change: outcome,
  })
}
