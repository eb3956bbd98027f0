// What users can see and do about their own access, on the parts of the admin API: every act takes the path of an
// administrator's act, but in the user's own name and only for themselves.
import { type AccessRequest } from '@crosswalk/admin-api'
import { digest } from '@crosswalk/as-core'
import { DAY_MS } from '@crosswalk/protocol'
import type { OwnAccess, OwnActivity, OwnPeriod, OwnProblem, OwnRequest, OwnSource } from '@crosswalk/idp'

import { findStoredRequest, listRequestsOf, storeRequest } from '../approvals/access-request-records.ts'
import { findEarlierNo } from '../approvals/judge-rule.ts'
import { openRequest, previewRequest } from '../approvals/open-request.ts'
import { commentOnRequest } from '../approvals/comment-on-request.ts'
import { isProblem } from '../http/problem.ts'
import { nameApp, nameResourceApp, nameUser } from '../definitions/name-objects.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import type { VaultPart } from '../vault/vault.ts'
import { endBlock, setBlock, revokeBlocked } from '../respond/standing-blocks.ts'
import { actFor } from './act-for.ts'
import { describeScopes } from './describe-scopes.ts'
import { createOwnAccounts } from './own-accounts.ts'
import { findStop, listOwnConnections } from './own-connections.ts'
import { findLastRefused, findRefused } from './own-refusals.ts'
import { listActivityReports, reportActivity } from './report-activity.ts'

/** Open requests per user */
const MAX_OPEN_REQUESTS = 20
/** Whatever became of them: requests are kept permanently */
const MAX_REQUESTS_A_DAY = 50
const MAX_ACTS = 15
const STOP_REASON = 'Stopped by the user the app acted for.'

export function createOwnAccess(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'inTurn' | 'actInTurn'> &
    RevokerPart &
    VaultPart &
    SignalsPart,
): OwnAccess {
  return {
    ...createOwnAccounts(parts),
    listConnections: (userId) => listOwnConnections(parts, userId),
    listActivity: (userId) => listActivity(parts, userId),
    stop: (userId, connection, source) => parts.actInTurn(() => stop(parts, { userId, connection, source })),
    allowAgain: (userId, connection, source) =>
      parts.inTurn(async () => {
        const block = findStop(parts, userId, connection)
        if (block === undefined) return 'unknown'
        const ended = await endBlock(parts, actFor(userId, source), { id: block.id })
        return ended === undefined ? undefined : 'unknown'
      }),
    report: (userId, report, source) => parts.inTurn(() => reportActivity(parts, userId, report, source)),
    async listRequests(userId) {
      const own = await listRequestsOf(parts, userId)
      const described = await Promise.all(own.map((request) => describeRequest(parts, request)))
      return described.sort((one, other) => other.askedAt - one.askedAt)
    },
    cancelRequest: (userId, id, source) =>
      parts.inTurn(async () => {
        const kept = await findStoredRequest(parts, id)
        if (kept?.request.state !== 'open' || kept.request.askedBy !== userId) return 'unknown'
        const { request, revision } = kept
        const canceled: AccessRequest = { ...request, state: 'canceled' }
        const change = { request: canceled, revision, type: 'request.canceled' }
        return (await storeRequest(parts, actFor(userId, source), change)) === undefined
          ? undefined
          : 'unknown'
      }),
    answerRequest: (userId, { id, text }, source) =>
      parts.inTurn(async () => {
        const kept = await findStoredRequest(parts, id)
        if (kept?.request.state !== 'open' || kept.request.user !== userId) return 'unknown'
        const commented = await commentOnRequest(parts, actFor(userId, source), { ...kept, text })
        return isProblem(commented) ? 'unknown' : undefined
      }),
    async findRefusal(userId, decisionId) {
      const refused = await findRefused(parts, userId, decisionId)
      return refused && { ...refused.shown, periods: await listPeriods(parts, userId, refused) }
    },
    findLastRefusal: (userId, about) => findLastRefused(parts, userId, about),
    ask: (userId, wanted, source) => parts.inTurn(() => ask(parts, userId, wanted, source)),
  }
}

async function listActivity(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  userId: string,
): Promise<readonly OwnActivity[]> {
  const { storage, directory } = parts
  const { items } = await storage.events.list({ user: userId, types: ['idjag.issued'], limit: MAX_ACTS })
  // Only the user of a decision can report it.
  const reports = await listActivityReports(parts)
  const reportedAt = new Map(reports.map(({ decisionId, at }) => [decisionId, at]))
  const { world } = directory.current()
  return items.flatMap(({ event: { time, decision } }) => {
    const app = decision?.request.requesting_app?.id
    const resourceApp = decision?.resolution.resource_app
    if (decision === undefined || app === undefined || resourceApp === undefined) return []
    const { decision_id: decisionId } = decision
    return [
      {
        decisionId,
        reportedAt: reportedAt.get(decisionId),
        time: Date.parse(time),
        app: nameApp({ world }, app),
        resourceApp: nameResourceApp({ world }, resourceApp),
        scopes: describeScopes(parts, resourceApp, decision.granted?.scope ?? []),
      },
    ]
  })
}

interface Stop {
  readonly userId: string
  readonly connection: string
  readonly source: OwnSource
}

async function stop(
  parts: Parts<'directory' | 'storage' | 'clock'> & SignalsPart,
  { userId, connection, source }: Stop,
): Promise<OwnProblem | undefined> {
  if (findStop(parts, userId, connection) !== undefined) return undefined
  const own = await listOwnConnections(parts, userId)
  if (!own.some((it) => it.connection === connection)) return 'unknown'
  const context = actFor(userId, source, STOP_REASON)
  // The same at every node, so that a user who presses twice sets one block.
  const id = `blk_${digest(JSON.stringify([userId, connection])).slice(0, 32)}`
  const about = { id, kind: 'connection', target: connection, onlyFor: userId, kill: false } as const
  const block = await setBlock(parts, context, about)
  await revokeBlocked(parts, context, block)
  return undefined
}

async function ask(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  userId: string,
  { decisionId, scopes, days, reason }: Parameters<OwnAccess['ask']>[1],
  source: OwnSource,
): Promise<OwnProblem | undefined> {
  const refused = await findRefused(parts, userId, decisionId)
  if (refused === undefined) return 'unknown'
  const { shown, app, resourceApp } = refused
  const wanted = shown.scopes.map(({ name }) => name).filter((name) => scopes.includes(name))
  if (resourceApp === undefined || wanted.length === 0 || !PERIODS.includes(days)) return 'nothing-to-ask'
  if (shown.openRequest !== undefined) return 'asked-already'
  const open = [...parts.directory.current().world.openRequests.values()].filter(
    ({ askedBy }) => askedBy === userId,
  )
  if (open.length >= MAX_OPEN_REQUESTS) return 'too-many'
  const dayAgo = parts.clock.nowMs() - DAY_MS
  const all = await listRequestsOf(parts, userId)
  const recent = all.filter(({ askedBy, askedAt }) => askedBy === userId && Date.parse(askedAt) > dayAgo)
  if (recent.length >= MAX_REQUESTS_A_DAY) return 'too-many-today'
  await openRequest(parts, actFor(userId, source, reason), {
    user: userId,
    app,
    resourceApp,
    scopes: wanted,
    days,
    reason,
  })
  return undefined
}

/** Days of access that users can request; undefined for no end */
const PERIODS: readonly (number | undefined)[] = [1, 7, 30, 90, undefined]

/** For a request of all scopes that are shown. */
async function listPeriods(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  userId: string,
  { shown, app, resourceApp }: NonNullable<Awaited<ReturnType<typeof findRefused>>>,
): Promise<readonly OwnPeriod[]> {
  const scopes = shown.scopes.map(({ name }) => name)
  if (resourceApp === undefined || scopes.length === 0) return []
  const caller = { id: userId, role: 'auditor', self: true } as const
  const access = { user: userId, app, resourceApp, scopes }
  let earlier: ReturnType<typeof findEarlierNo> | undefined
  const findNo = () => (earlier ??= findEarlierNo(parts, access))
  const periods: OwnPeriod[] = []
  for (const days of PERIODS) {
    const { outcome } = await previewRequest(parts, { caller }, { ...access, days }, findNo)
    periods.push({ days, automatic: outcome === 'approved' })
  }
  return periods
}

async function describeRequest(parts: Parts<'directory'>, request: AccessRequest): Promise<OwnRequest> {
  const { world, users } = parts.directory.current()
  const {
    id,
    app,
    resourceApp,
    scopes,
    reason,
    state,
    askedAt,
    decidedBy,
    decidedAt,
    decisionReason,
    granted,
    comments = [],
    days,
    rule,
  } = request
  const authors = await users.findMany([decidedBy ?? '', ...comments.map(({ by }) => by)])
  // An act with the token from the configuration file has no user.
  const nameAuthor = (author: string) => nameUser(authors.get(author)) ?? 'an administrator'
  return {
    id,
    app: nameApp({ world }, app),
    resourceApp: nameResourceApp({ world }, resourceApp),
    scopes: describeScopes(parts, resourceApp, scopes),
    reason,
    days,
    state,
    askedAt: Date.parse(askedAt),
    comments: comments.map(({ by, at, text }) => ({
      by: by === request.user ? undefined : nameAuthor(by),
      at: Date.parse(at),
      text,
    })),
    ...(decidedBy === undefined || decidedAt === undefined
      ? {}
      : {
          decision: {
            by: rule === undefined ? nameAuthor(decidedBy) : 'an approval rule',
            at: Date.parse(decidedAt),
            // Users never see the text of a rule.
            reason: rule === undefined ? decisionReason : undefined,
          },
        }),
    ...(granted === undefined
      ? {}
      : {
          granted: {
            scopes: describeScopes(parts, resourceApp, granted.scopes),
            until: granted.until === undefined ? undefined : Date.parse(granted.until),
          },
        }),
  }
}
