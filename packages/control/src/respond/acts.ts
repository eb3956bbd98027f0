// Suspends, revokes and resumes connections, users and apps, whether the file or the database owns them. The act is
// active before the response is sent; then tokens issued before are revoked and counted.
import type { ActOutcome, actRoutes, Collection } from '@crosswalk/admin-api'
import type { AuditEvent } from '@crosswalk/as-core'
import type { ObjectPut } from '@crosswalk/storage'

import { readStored } from '../definitions/read-stored.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { type HeldKind, type Hold, holdId } from '../definitions/records.ts'
import { signalsOfStop } from '../security-events/signals-of-change.ts'
import { buildAct, type AdminEvent } from '../audit/change-event.ts'
import { type AdminContext, authorOf, type Handlers } from '../http/context.ts'
import { findShown } from '../views/read-objects.ts'
import { renderHold } from '../definitions/effective-state.ts'
import type { Parts } from '../parts.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { RevokerPart } from './access-revoker.ts'
import { conflict, isProblem, type Problem } from '../http/problem.ts'
import { type RevocationAbout, revokeAndRecord } from './revoke-and-record.ts'
import { refuseEditAbove } from '../administrators/role-ceiling.ts'
import { refuseLifting } from './stopped-connection.ts'

type ActName = keyof typeof actRoutes
interface ActRequest {
  readonly params: { readonly id: string }
  readonly body?: { readonly reason?: string | undefined; readonly revokeTokens?: boolean | undefined }
}
type Act = (request: ActRequest, context: AdminContext) => Promise<ActReply>
type ActReply = { readonly status: 200; readonly body: ActOutcome } | Problem

export function createActHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'actInTurn'> & RevokerPart & SignalsPart,
): Pick<Handlers, ActName> {
  const hold = (kind: HeldKind, state: Hold['state']): Act => {
    return ({ params: { id }, body }, context) =>
      parts.actInTurn(() => stop(parts, context, { kind, id, state, revokeTokens: body?.revokeTokens }))
  }
  const lift = (kind: HeldKind): Act => {
    return ({ params: { id } }, context) => parts.actInTurn(() => resume(parts, context, { kind, id }))
  }
  return {
    'connections.suspend': hold('connection', 'suspended'),
    'connections.resume': lift('connection'),
    'connections.revoke': hold('connection', 'revoked'),
    'users.suspend': hold('user', 'suspended'),
    'users.resume': lift('user'),
    'apps.suspend': hold('app', 'suspended'),
    'apps.resume': lift('app'),
  }
}

interface Held {
  readonly kind: HeldKind
  readonly id: string
}

const COLLECTION = { connection: 'connections', user: 'users', app: 'apps' } as const satisfies Record<
  HeldKind,
  Collection
>
const CATEGORY: Record<HeldKind, AuditEvent['category']> = {
  connection: 'connection',
  user: 'people',
  app: 'lifecycle',
}

interface Stop extends Held, Pick<Hold, 'state'> {
  readonly revokeTokens?: boolean | undefined
}

/** Call inside `actInTurn`. */
async function stop(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart & SignalsPart,
  context: AdminContext,
  wanted: Stop,
): Promise<ActReply> {
  const prepared = await prepareStop(parts, context, wanted)
  if (isProblem(prepared)) return prepared
  const { ok } = await parts.directory.put(prepared.step)
  return ok ? completeStop(parts, context, prepared.hold) : stop(parts, context, wanted)
}

export interface PreparedStop {
  readonly hold: Hold
  /** Stores the hold; a conflict if the object was stopped or resumed in the meantime */
  readonly step: ObjectPut
}

export async function prepareStop(
  parts: Parts<'directory' | 'storage' | 'clock'> & SignalsPart,
  context: AdminContext,
  wanted: Stop,
): Promise<PreparedStop | Problem> {
  return buildStop(parts, context, wanted, (await readHolds(parts, wanted.kind, [wanted.id]))(wanted.id))
}

interface Stops extends Pick<Stop, 'kind' | 'state'> {
  readonly ids: readonly string[]
}

/** @returns what stops each of these objects, by id; those that cannot be stopped are absent */
export async function prepareStops(
  parts: Parts<'directory' | 'storage' | 'clock'> & SignalsPart,
  context: AdminContext,
  { kind, ids, state }: Stops,
): Promise<ReadonlyMap<string, PreparedStop>> {
  const holdOf = await readHolds(parts, kind, ids)
  const prepared = new Map<string, PreparedStop>()
  for (const id of ids) {
    const stop = await buildStop(parts, context, { kind, id, state }, holdOf(id))
    if (!isProblem(stop)) prepared.set(id, stop)
  }
  return prepared
}

async function buildStop(
  parts: Parts<'directory' | 'clock'> & SignalsPart,
  context: AdminContext,
  { kind, id, state, revokeTokens }: Stop,
  { hold: before, revision }: StoredHold,
): Promise<PreparedStop | Problem> {
  const found = await findTarget(parts, context, { kind, id })
  if (isProblem(found)) return found
  // A suspension would weaken the revocation.
  if (before?.state === 'revoked' && state === 'suspended')
    return conflict(`${COLLECTION[kind]}/${id} is already revoked.`)
  const at = parts.clock.nowMs()
  const hold: Hold = {
    kind,
    target: id,
    state,
    since: new Date(at).toISOString(),
    ...authorOf(context),
    // Suspending it once more must not make ID-JAGs valid again.
    ...(revokeTokens === true || before?.revokeTokens === true ? { revokeTokens: true } : {}),
  }
  const act = describeAct(state, { kind, id })
  const step = {
    ...buildAct(context, at, { ...act, ...(state === 'revoked' ? {} : { ifRevision: revision }) }),
    body: hold,
    securityEvents: parts.signals.buildEvents(await signalsOfStop(hold, parts.directory.current())),
  }
  return { hold, step }
}

/** Call once the hold is stored: revokes live access. */
export async function completeStop(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  hold: Hold,
): Promise<{ readonly status: 200; readonly body: ActOutcome }> {
  const effectiveAt = new Date(parts.clock.nowMs()).toISOString()
  const taken = await revokeAccess(parts, context, hold)
  return { status: 200, body: { id: hold.target, held: renderHold(hold), effectiveAt, ...taken } }
}

async function resume(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  held: Held,
): Promise<ActReply> {
  const { kind, id } = held
  const found = await findTarget(parts, context, held)
  if (isProblem(found)) return found
  const { hold, revision } = (await readHolds(parts, kind, [id]))(id)
  const refused =
    kind === 'user'
      ? await refuseEditAbove(parts, context, id)
      : kind === 'connection'
        ? refuseLifting(hold, id, context.caller)
        : undefined
  if (refused !== undefined) return refused
  if (hold !== undefined) {
    // A fault may have stopped the act halfway: what it had to end must not come back.
    await revokeAccess(parts, context, hold, { onlyIfAny: true })
    const act = { ...describeAct('resumed', held), ifRevision: revision }
    const { ok } = await parts.directory.remove(buildAct(context, parts.clock.nowMs(), act))
    if (!ok) return resume(parts, context, held)
  }
  const effectiveAt = new Date(parts.clock.nowMs()).toISOString()
  return { status: 200, body: { id, held: null, effectiveAt, revokedTokens: 0, endedSessions: false } }
}

interface StoredHold {
  readonly hold: Hold | undefined
  /** 0 if there is none */
  readonly revision: number
}

/** Read from the database, so that the latest act of another process counts; a concurrent act makes the write retry. */
async function readHolds(
  { storage }: Parts<'storage'>,
  kind: HeldKind,
  ids: readonly string[],
): Promise<(id: string) => StoredHold> {
  const found = await storage.objects.findMany(
    ACTS.holds,
    ids.map((id) => holdId(kind, id)),
  )
  const stored = new Map(found.map((one) => [one.id, one]))
  return (id) => {
    const one = stored.get(holdId(kind, id))
    return { hold: one && readStored(ACTS.holds, one), revision: one?.revision ?? 0 }
  }
}

function findTarget(parts: Parts<'directory' | 'clock'>, context: AdminContext, { kind, id }: Held) {
  return findShown<Collection>(parts, COLLECTION[kind], id, context)
}

function describeAct(verb: string, { kind, id }: Held) {
  const event: AdminEvent = {
    type: `${kind}.${verb}`,
    category: CATEGORY[kind],
    severity: verb === 'resumed' ? 'notice' : 'warning',
    target: { kind, id },
  }
  return { collection: ACTS.holds, id: holdId(kind, id), event }
}

/** Suspending a connection leaves its short-lived tokens alone unless requested; every other act revokes them. */
async function revokeAccess(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  { kind, target: id, state, revokeTokens }: Hold,
  { onlyIfAny = false }: Pick<RevocationAbout, 'onlyIfAny'> = {},
): Promise<Pick<ActOutcome, 'revokedTokens' | 'endedSessions'>> {
  if (kind === 'connection' && state === 'suspended' && revokeTokens !== true)
    return { revokedTokens: 0, endedSessions: false }
  const endedSessions = kind === 'user'
  if (endedSessions) await parts.revoker.endSessions(id)
  const about = { target: { kind, id }, endedSessions, onlyIfAny }
  const revokedTokens = await revokeAndRecord(parts, context, about, () => REVOKE[kind](parts, id))
  return { revokedTokens, endedSessions }
}

const REVOKE: Record<HeldKind, (parts: Parts<'directory'> & RevokerPart, id: string) => Promise<number>> = {
  async connection({ directory, revoker }, id) {
    const item = directory.current().world.connections.get(id)
    return item === undefined ? 0 : revoker.revokeConnection(item.definition)
  },
  async user({ directory, revoker }, id) {
    const user = await directory.current().users.findById(id)
    return user === undefined ? 0 : revoker.revokeUser(user)
  },
  app: ({ revoker }, id) => revoker.revokeApp(id),
}
