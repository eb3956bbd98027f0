// Who can reach what, by the evaluator and snapshot of the token endpoint. Each query is recorded.
import { type ReachBody, type reachRoutes, toEpochMs } from '@crosswalk/admin-api'
import {
  ASSUMED_KEY,
  findReach,
  type Reach,
  type ReachCursor,
  type ReachFilter,
  type ReachPage,
  type ReachWorld,
} from '@crosswalk/policy'
import { dropUndefined } from '@crosswalk/protocol'

import type { EvaluationParts } from '../evaluator/parts.ts'
import { recordSimulation } from '../audit/change-event.ts'
import type { AdminContext, Caller, Handlers } from '../http/context.ts'
import { countVolumes } from './count-volume.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { type WorldWithIdp, selectWorld } from './select-world.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { invalidCursor } from '../http/list-page.ts'
import { isInScope } from '../http/scope.ts'
import { describeApp } from './simulated-exchange.ts'

/** Limits the paths judged per page. */
const MAX_JUDGED = 5000

/** Pairs of a user and a connection that a page may consider on the main thread: at most 50 ms */
const MAX_PAIRS_HERE = 1000

type Query = Parameters<Handlers['reach.what']>[0]['query']

/** @returns whether a query belongs in the evaluator's thread: for past definitions, or too many users */
export async function isLongReach(
  { directory }: Pick<EvaluationParts, 'directory'>,
  { asOf, user }: Pick<Query, 'asOf' | 'user'>,
): Promise<boolean> {
  if (asOf !== undefined) return true
  const { world, users } = directory.current()
  const pairs = world.connections.size * (user === undefined ? await users.items.count() : 1)
  return pairs > MAX_PAIRS_HERE
}

export function createReachHandlers(parts: EvaluationParts): Pick<Handlers, keyof typeof reachRoutes> {
  return {
    async 'reach.who'({ query }, context) {
      const { resource } = query
      const world = await selectWorld(parts, query, context.caller)
      if (isProblem(world)) return world
      const { resourceApps } = world.exchange
      const asking = { context, query, world }
      if (resourceApps.has(resource)) return answer(parts, asking, { resourceApp: resource })
      const isKnown = [...resourceApps.values()].some((it) => it.resources.some(({ id }) => id === resource))
      if (isKnown) return answer(parts, asking, { resource })
      return notFound(`There is no resource app or resource ${resource}.`)
    },
    async 'reach.what'({ query }, context) {
      const { app, user, resourceApp } = query
      const world = await selectWorld(parts, query, context.caller)
      if (isProblem(world)) return world
      const { exchange, users } = world
      if (app === undefined && user === undefined)
        return invalidRequest([{ path: '/app', problem: 'or user is required' }])
      if (app !== undefined && !isSeen(parts, exchange, app, context.caller))
        return notFound(`There is no app ${app}.`)
      if (resourceApp !== undefined && !exchange.resourceApps.has(resourceApp))
        return notFound(`There is no resource app ${resourceApp}.`)
      const userId = user === undefined ? undefined : await findUserId(world, user)
      if (userId !== undefined && (await users.findById(userId)) === undefined)
        return notFound(`There is no user ${user ?? ''}.`)
      if (userId === undefined && (query.joining ?? query.leaving) !== undefined)
        return invalidRequest([{ path: '/user', problem: 'is required with joining or leaving' }])
      return answer(parts, { context, query, world }, { app, user: userId, resourceApp })
    },
  }
}

function isSeen(
  parts: EvaluationParts,
  { apps }: WorldWithIdp['exchange'],
  app: string,
  caller: Caller,
): boolean {
  const exists = apps.has(app) || describeApp(parts, app) !== undefined
  return exists && isInScope(caller, 'apps', { id: app })
}

interface Asking {
  readonly context: AdminContext
  readonly query: Omit<Query, 'app' | 'user'>
  readonly world: WorldWithIdp
}

async function answer(
  parts: EvaluationParts,
  { context, query, world }: Asking,
  about: ReachFilter,
): Promise<{ readonly status: 200; readonly body: { items: ReachBody[]; next: string | null } } | Problem> {
  const { limit, cursor, scope, acr, authTime, asOf, ...membership } = query
  const { exchange: snapshot, users } = world
  const found =
    about.user === undefined
      ? await users.readAllForExchange(snapshot.comparedSources)
      : regroup(await users.findForExchange([about.user], snapshot.comparedSources), about.user, membership)
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  if (cursor !== undefined && after === undefined) return invalidCursor()
  const nowMs = asOf === undefined ? parts.clock.nowMs() : toEpochMs(asOf)
  const describedApp = about.app === undefined ? undefined : describeApp(parts, about.app)
  const page = findReach(
    // A cursor names the last path, so paths of apps outside the scope are not processed.
    { ...about, scope, apps: context.caller.apps },
    { snapshot, users: found, nowMs, volumeOf: await countVolumes(parts, snapshot, { ...about, nowMs }) },
    { limit, mostJudged: MAX_JUDGED, after },
    {
      acr,
      describedApp,
      // A connection may require a proof, and a public client always needs one.
      dpopThumbprint: ASSUMED_KEY,
      authTime: Math.floor((authTime === undefined ? nowMs : toEpochMs(authTime)) / 1000),
    },
  )
  await record(parts, context, about, page)
  return { status: 200, body: renderPage(found, page) }
}

type FoundUsers = ReachWorld['users']

/** @returns the user with changed group memberships */
function regroup(
  users: FoundUsers,
  id: string,
  { joining, leaving }: Pick<Query, 'joining' | 'leaving'>,
): FoundUsers {
  const user = users.get(id)
  if (user === undefined || (joining ?? leaving) === undefined) return users
  const groups = new Set(user.groups)
  if (joining !== undefined) groups.add(joining)
  if (leaving !== undefined) groups.delete(leaving)
  return new Map([[user.id, { ...user, groups: [...groups] }]])
}

async function record(
  parts: EvaluationParts,
  context: AdminContext,
  about: ReachFilter,
  { items }: ReachPage,
): Promise<void> {
  const { app, user, resourceApp, resource } = about
  await recordSimulation(parts, context, {
    target: { kind: 'reach', id: resourceApp ?? resource ?? app ?? user ?? '' },
    ...(user === undefined ? {} : { on_behalf_of: { user_ref: user } }),
    change: { found: items.length },
  })
}

function renderPage(users: FoundUsers, { items, next }: ReachPage) {
  return {
    items: items.map((item) => renderReach(item, users.get(item.user)?.username ?? item.user)),
    next: next === undefined ? null : Buffer.from(JSON.stringify(next)).toString('base64url'),
  }
}

function renderReach({ resource, via, scopes, afterStepUp, ...reach }: Reach, username: string): ReachBody {
  return {
    ...reach,
    username,
    ...dropUndefined({ resource, via }),
    scopes: [...scopes],
    afterStepUp: afterStepUp.map(({ acrValues, scopes: asked, ...rest }) => ({
      ...rest,
      scopes: [...asked],
      ...(acrValues === undefined ? {} : { acrValues: [...acrValues] }),
    })),
  }
}

function parseCursor(cursor: string): ReachCursor | undefined {
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown
    const isOurs =
      Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string')
    return isOurs ? (value as unknown as ReachCursor) : undefined
  } catch {
    return undefined
  }
}
