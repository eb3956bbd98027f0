// Sets and ends blocks: active before the response is sent, durable together with their audit event.
import { dropUndefined } from '@crosswalk/protocol'
import type { BlockView } from '@crosswalk/admin-api'
import { newId } from '@crosswalk/as-core'
import { type Block, hasEnded } from '@crosswalk/policy'

import { ACTS } from '../definitions/stored-acts.ts'
import { buildTokenSelectors, revokeSelected } from '../definitions/revoke-held.ts'
import { signalsOfStop } from '../security-events/signals-of-change.ts'
import { buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, authorOf, principalOf } from '../http/context.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { describeApp } from '../simulate/simulated-exchange.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from './access-revoker.ts'
import { refuseEditAbove } from '../administrators/role-ceiling.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import { forbidden, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { type RevocationAbout, revokeAndRecord } from './revoke-and-record.ts'

/** The stored form. */
export interface StandingBlock extends Block {
  /** RFC 3339 */
  readonly since: string
  readonly kill: boolean
}

export type BlockTarget = Pick<Block, 'kind' | 'target'>

/** Rejects unknown targets, because a typo must not look like protection. @returns the target by id */
export async function findBlockTarget(
  parts: Parts<'configuration' | 'directory'>,
  kind: Block['kind'],
  id: string | undefined,
  path: string,
): Promise<BlockTarget | Problem> {
  if (kind === 'everything') return { kind, target: '*' }
  const { world, users } = parts.directory.current()
  const target = kind === 'user' ? await findUserId(parts.directory.current(), id ?? '') : (id ?? '')
  const known =
    kind === 'user'
      ? (await users.findById(target)) !== undefined
      : { app: world.apps, connection: world.connections }[kind].has(target) ||
        (kind === 'app' && describeApp(parts, target) !== undefined)
  return known
    ? { kind, target }
    : invalidRequest([{ path, problem: `${target} is not ${kind === 'app' ? 'an' : 'a'} ${kind}` }])
}

export interface NewBlock extends BlockTarget {
  /** Given for a block that is set only once, however often and at however many nodes; random by default */
  readonly id?: string | undefined
  readonly kill: boolean
  /** Set if a user blocked it for themselves only */
  readonly onlyFor?: string | undefined
  readonly until?: string | undefined
}

export function findBlock({ directory }: Parts<'directory'>, id: string): StandingBlock | undefined {
  return directory.current().world.blocks.get(id) as StandingBlock | undefined
}

/** @returns the block, which is active in this process by then */
export async function setBlock(
  parts: Parts<'directory' | 'clock'> & SignalsPart,
  context: AdminContext,
  wanted: NewBlock,
): Promise<StandingBlock> {
  const { directory, clock, signals } = parts
  const { id = newId('blk'), kind, target, kill, onlyFor, until } = wanted
  const at = clock.nowMs()
  const block: StandingBlock = {
    id,
    kind,
    target,
    kill,
    since: new Date(at).toISOString(),
    ...authorOf(context),
    ...dropUndefined({ onlyFor, until }),
  }
  const event = blockEvent(kill ? 'kill.pressed' : 'block.set', block, at, context)
  const isOver = hasEnded(until, at / 1000)
  const outcome = await directory.put({
    ...describe(block, at, context),
    ifRevision: 0,
    body: block,
    event,
    securityEvents: isOver ? [] : signals.buildEvents(await signalsOfStop(block, directory.current())),
  })
  if (outcome.ok) return block
  // Another node may have set it, and ended it again.
  return findBlock(parts, id) ?? setBlock(parts, context, wanted)
}

/** @returns undefined once it has ended */
export async function endBlock(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  { id, kill }: { readonly id: string; readonly kill?: true },
): Promise<Problem | undefined> {
  const { directory, clock } = parts
  const block = findBlock(parts, id)
  const missing = notFound(`There is no ${kill === true ? 'kill' : 'block'} ${id}.`)
  if (block === undefined || (kill === true && !block.kill)) return missing
  const { caller } = context
  if (caller.role === 'security-responder' && block.by !== principalOf(caller))
    return forbidden('Another user set it. Ask an administrator to end it.')
  // As for a suspension; but callers may correct their own mistake.
  const isOwn = block.by === principalOf(caller)
  const above =
    block.kind === 'user' && !isOwn ? await refuseEditAbove(parts, context, block.target) : undefined
  if (above !== undefined) return above
  const at = clock.nowMs()
  if (!hasEnded(block.until, at / 1000)) await finish(parts, context, block)
  const event = blockEvent(block.kill ? 'kill.lifted' : 'block.ended', block, at, context)
  const outcome = await directory.remove({ ...describe(block, at, context), event })
  return outcome.ok ? undefined : missing
}

/** A fault may have stopped the act halfway: what it had to end must not come back when the block ends. */
async function finish(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  block: StandingBlock,
): Promise<void> {
  if (block.kill && block.kind === 'user') await parts.revoker.endSessions(block.target)
  await revokeBlocked(parts, context, block, { onlyIfAny: true })
}

function describe({ id }: Block, at: number, context: AdminContext) {
  return { collection: ACTS.blocks, id, at, ...authorOf(context) }
}

export function blockEvent(
  type: string,
  { id, kind, target, onlyFor, until }: StandingBlock,
  at: number,
  context: AdminContext,
  effect: Readonly<Record<string, unknown>> = {},
) {
  return buildAdminEvent(context, at, {
    type,
    category: 'response',
    severity: type.startsWith('kill') ? 'critical' : 'warning',
    target: { kind, id: target },
    ...(onlyFor === undefined ? {} : { on_behalf_of: { user_ref: onlyFor } }),
    change: { block: id, ...(until === undefined ? {} : { until }), ...effect },
  })
}

/** Revokes live access tokens at the authorization servers here, and records it. @returns the number */
export function revokeBlocked(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { id, kind, target }: Block,
  {
    endedSessions = false,
    onlyIfAny = false,
  }: Partial<Pick<RevocationAbout, 'endedSessions' | 'onlyIfAny'>> = {},
): Promise<number> {
  const { directory, storage, clock } = parts
  const selectors = [...directory.current().redemption].flatMap(([server, { revocations }]) =>
    revocations.filter((it) => it.id === id).flatMap((it) => buildTokenSelectors(server, it)),
  )
  const about = { target: { kind, id: target }, endedSessions, onlyIfAny }
  return revokeAndRecord(parts, context, about, () =>
    revokeSelected(storage.accessTokens, selectors, clock.nowMs()),
  )
}

export function renderBlock(block: Block, nowMs: number): BlockView {
  const { id, kind, target, onlyFor, by, until, reason, since, kill } = block as StandingBlock
  return {
    id,
    kind,
    target,
    active: !hasEnded(until, nowMs / 1000),
    kill,
    by,
    since,
    ...dropUndefined({ onlyFor, until, reason }),
  }
}
