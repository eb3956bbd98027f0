// The kill switch: sets a block, then revokes all live access, and reports the time each step took, with an upper bound
// for access beyond our control.
import type { blockRoutes } from '@crosswalk/admin-api'

import { listStreams } from '../security-events/list-streams.ts'
import { type Delivery, waitForDelivery } from '../security-events/wait-for-delivery.ts'
import { type AdminContext, authorOf, type Handlers } from '../http/context.ts'
import { boundReach } from './kill-reach.ts'
import { selectRevocable } from './live-access.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { RevokerPart } from './access-revoker.ts'
import { isProblem } from '../http/problem.ts'
import { chooseId, refuseOtherRequest } from '../http/repeated.ts'
import {
  blockEvent,
  type BlockTarget,
  endBlock,
  findBlock,
  findBlockTarget,
  setBlock,
  revokeBlocked,
} from './standing-blocks.ts'

type Names = Extract<keyof typeof blockRoutes, `kill.${string}`>

export function createKillHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'> & RevokerPart & SignalsPart,
): Pick<Handlers, Names> {
  return {
    async 'kill.preview'({ body: { target: asked } }) {
      const target = await findBlockTarget(parts, asked.kind, asked.id, '/target/id')
      if (isProblem(target)) return target
      const [bound, ends] = await Promise.all([
        boundReach(parts, target, 'before'),
        countRevocable(parts, target),
      ])
      return { status: 200, body: { ...bound, ends } }
    },
    async 'kill.press'({ body: { target: asked } }, context) {
      const pressedAt = performance.now()
      const target = await findBlockTarget(parts, asked.kind, asked.id, '/target/id')
      return isProblem(target) ? target : press(parts, context, { target, pressedAt })
    },
    async 'kill.lift'({ params: { id } }, context) {
      const problem = await endBlock(parts, context, { id, kill: true })
      if (problem !== undefined) return problem
      return { status: 200, body: { id, liftedAt: new Date(parts.clock.nowMs()).toISOString() } }
    },
  }
}

const MAX_COUNTED = 10_000

async function countRevocable(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>,
  target: BlockTarget,
) {
  const selectors = await selectRevocable(parts, target)
  return parts.storage.liveAccess.countRevocable({
    selectors,
    nowMs: parts.clock.nowMs(),
    most: MAX_COUNTED,
  })
}

interface Pressing {
  readonly target: BlockTarget
  /** On the monotonic clock */
  readonly pressedAt: number
}

async function press(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'> & RevokerPart & SignalsPart,
  context: AdminContext,
  { target, pressedAt }: Pressing,
): ReturnType<Handlers['kill.press']> {
  const wanted = { id: chooseId('blk', context), ...target, kill: true }
  const existing = findBlock(parts, wanted.id)
  const block = existing ?? (await setBlock(parts, context, wanted))
  const other = refuseOtherRequest(block, { ...wanted, ...authorOf(context) })
  if (other !== undefined) return other
  const blockedMs = elapsed(pressedAt)
  const blockedAt = new Date(parts.clock.nowMs()).toISOString()
  const actedAtMs = await parts.storage.securityEvents.readTimeMs()
  const sessionsEnded = target.kind === 'user'
  if (sessionsEnded) await parts.revoker.endSessions(target.target)
  const tokensRevoked = await revokeBlocked(parts, context, block, {
    endedSessions: sessionsEnded,
    onlyIfAny: existing !== undefined,
  })
  const effect = { blockedMs, effectiveMs: elapsed(pressedAt), sessionsEnded, tokensRevoked }
  const bound = await boundReach(parts, target, 'after')
  const { worstCaseSeconds, offlineSeconds } = bound
  const deliveries = await awaitDeliveries(parts, bound.reach, { pressedAt, actedAtMs })
  await parts.storage.ledger.commit(
    blockEvent('kill.effective', block, parts.clock.nowMs(), context, {
      ...effect,
      told: deliveries,
      worstCaseSeconds,
      offlineSeconds,
    }),
  )
  const shown = { kind: block.kind, id: block.target }
  return {
    status: 200,
    body: { id: block.id, target: shown, blockedAt, ...effect, told: [...deliveries], ...bound },
  }
}

/** Waits for delivery to the streams of the authorization servers in reach. */
function awaitDeliveries(
  { directory, storage }: Parts<'directory' | 'storage'>,
  reach: readonly { readonly issuer: string }[],
  { pressedAt, actedAtMs }: { readonly pressedAt: number; readonly actedAtMs: number },
): Promise<readonly Delivery[]> {
  const issuers = new Set(reach.map(({ issuer }) => issuer))
  const streams = listStreams(directory.current().world).filter(({ audience }) => issuers.has(audience))
  return waitForDelivery({ streams, actedAtMs, elapsedMs: () => elapsed(pressedAt) }, storage.securityEvents)
}

function elapsed(since: number): number {
  return Math.round((performance.now() - since) * 10) / 10
}
