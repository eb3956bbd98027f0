// Who can reach what: every path from an app for a user to a resource that the evaluator of the endpoint would allow,
// evaluated one by one. Unassigned users are skipped first; nothing else is decided here.
import type { AppDefinition, ClientFact, DecisionRecord, ResourceAppDefinition } from '@crosswalk/protocol'

import { byId } from '../by-id.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import { applyAccessGrants } from '../exchange/granted-access.ts'
import type { Connection, ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'
import { isCovered } from '../users.ts'
import { finishSteps } from '../finish-steps.ts'
import { assumeExchange } from './assume-exchange.ts'

/** What to list; absent members match anything. */
export interface ReachFilter {
  readonly app?: string | undefined
  /** Only these apps */
  readonly apps?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly resourceApp?: string | undefined
  /** Resource identifier */
  readonly resource?: string | undefined
  readonly scope?: string | undefined
}

/** How and from where the user signed in, as far as rules use it. */
export interface ReachSignIn {
  /** Epoch seconds; undefined if unknown, which fails every rule about it */
  readonly authTime?: number | undefined
  readonly acr?: string | undefined
  readonly dpopThumbprint?: string | undefined
  readonly ip?: string | undefined
  /** The app itself, if it is not registered */
  readonly describedApp?: AppDefinition | undefined
  /** How the app authenticated; default: as registered */
  readonly client?: ClientFact | undefined
}

/** One path to a resource. */
export interface Reach {
  readonly app: string
  readonly user: string
  readonly connection: string
  readonly resourceApp: string
  readonly audience: string
  /** Undefined if the resource app has no resource identifiers */
  readonly resource: string | undefined
  /** What assigns the user to the connection, as the check `people.connection` names it */
  readonly via: string | undefined
  /** Granted with the current sign-in */
  readonly scopes: readonly string[]
  /** Granted after a new sign-in, with the requirements of the challenge */
  readonly afterStepUp: readonly {
    readonly scopes: readonly string[]
    readonly acrValues?: readonly string[]
    readonly maxAgeSeconds?: number
  }[]
}

export interface ReachWorld {
  readonly snapshot: ExchangeSnapshot
  readonly users: ReadonlyMap<string, ExchangeUser>
  readonly nowMs: number
  /** Grants in the preceding hour; needed if a rule counts them */
  readonly volumeOf?: ((app: string, user: string) => number) | undefined
}

export interface ReachPage {
  readonly items: readonly Reach[]
  /** Where to continue; undefined at the end */
  readonly next: ReachCursor | undefined
}

/** Connection, resource and user of the last path processed */
export type ReachCursor = readonly [connection: string, resource: string, user: string]

export interface ReachPaging {
  /** Maximum number of items */
  readonly limit: number
  /** Maximum number of paths to evaluate, to bound the time of a page; the page may then be short */
  readonly mostJudged: number
  readonly after?: ReachCursor | undefined
}

/** Processes paths in the order of connection, resource and user. */
export function findReach(
  filter: ReachFilter,
  world: ReachWorld,
  paging: ReachPaging,
  signIn: ReachSignIn = {},
): ReachPage {
  return finishSteps(stepReach(filter, world, paging, signIn))
}

/** A few milliseconds */
const PATHS_PER_STEP = 25

/** Like `findReach`, in steps, so that other work can run in between. */
export function* stepReach(
  filter: ReachFilter,
  world: ReachWorld,
  { limit, mostJudged, after }: ReachPaging,
  signIn: ReachSignIn = {},
): Generator<void, ReachPage> {
  const items: Reach[] = []
  let judged = 0
  let last = after
  for (const candidate of listCandidates(filter, world, signIn, after)) {
    if (items.length >= limit || judged >= mostJudged) return { items, next: last }
    judged += 1
    if (judged % PATHS_PER_STEP === 0) yield
    last = candidate.key
    const found = judgeCandidate(candidate, filter, world, signIn)
    if (found.scopes.length > 0 || found.afterStepUp.length > 0) items.push(found)
  }
  return { items, next: undefined }
}

interface Candidate {
  readonly key: ReachCursor
  readonly connection: Connection
  readonly audience: string
  readonly resource: string | undefined
  readonly user: ExchangeUser
  /** Scopes that can be requested there */
  readonly scopes: readonly string[]
}

function* listCandidates(
  filter: ReachFilter,
  world: ReachWorld,
  signIn: ReachSignIn,
  after: ReachCursor | undefined,
): Generator<Candidate> {
  const users = listUsers(filter, world)
  for (const joined of listConnections(filter, world, signIn)) {
    const { connection, target } = joined
    // Skipped before looking at its users, because there may be many of them.
    if (after !== undefined && connection.id < after[0]) continue
    const assigned = users.flatMap((user) => findAccess(user, joined, world))
    const scopes = [...new Set(assigned.flatMap((access) => access.scopes))]
    for (const place of listPlaces({ ...connection, scopes }, target, filter))
      for (const { user, scopes: held } of assigned) {
        const key: ReachCursor = [connection.id, place.resource ?? '', user.id]
        const own = place.scopes.filter((scope) => held.includes(scope))
        if (own.length > 0 && (after === undefined || isAfter(key, after)))
          yield { ...place, scopes: own, key, connection, user }
      }
  }
}

function listUsers({ user: id }: ReachFilter, { users }: ReachWorld): readonly ExchangeUser[] {
  if (id === undefined) return [...users.values()].sort(byId)
  const user = users.get(id)
  return user === undefined ? [] : [user]
}

interface Joined {
  readonly app: AppDefinition
  readonly target: ResourceAppDefinition
  readonly connection: Connection
}

/** The connections that match the filter, and whose apps both exist. */
function listConnections(
  filter: ReachFilter,
  { snapshot }: ReachWorld,
  { describedApp }: ReachSignIn,
): readonly Joined[] {
  const matches = ({ app, resourceApp, resources }: Connection) =>
    (filter.app ?? app) === app &&
    filter.apps?.includes(app) !== false &&
    (filter.resourceApp ?? resourceApp) === resourceApp &&
    (filter.resource === undefined || resources.includes(filter.resource))
  const findApp = (id: string) =>
    snapshot.apps.get(id) ?? (describedApp?.id === id ? describedApp : undefined)
  return [...snapshot.connections.values()]
    .filter(matches)
    .sort(byId)
    .flatMap((connection) => {
      const app = findApp(connection.app)
      const target = snapshot.resourceApps.get(connection.resourceApp)
      return app === undefined || target === undefined ? [] : [{ app, target, connection }]
    })
}

/** @returns the user with their scopes over the connection; empty if they have none */
function findAccess(
  user: ExchangeUser,
  { app, target, connection }: Joined,
  { snapshot, nowMs }: ReachWorld,
): readonly { readonly user: ExchangeUser; readonly scopes: readonly string[] }[] {
  const question = { user, resourceApp: target, grants: snapshot.accessGrants, now: nowMs / 1000 }
  const { scopes, access } = applyAccessGrants(connection, question)
  const covered = isCovered(user, { connection, app, resourceApp: target }, access !== undefined)
  return covered ? [{ user, scopes }] : []
}

function isAfter(key: ReachCursor, other: ReachCursor): boolean {
  const place = key.findIndex((part, index) => part !== other[index])
  return place >= 0 && (key[place] ?? '') > (other[place] ?? '')
}

function listPlaces(
  connection: Connection,
  { issuer, resources }: { issuer: string; resources: readonly { id: string; scopes: readonly string[] }[] },
  filter: ReachFilter,
): readonly Pick<Candidate, 'audience' | 'resource' | 'scopes'>[] {
  const wanted = (scopes: readonly string[]) =>
    connection.scopes.filter(
      (scope) => scopes.includes(scope) && (filter.scope === undefined || scope === filter.scope),
    )
  const places =
    resources.length === 0
      ? [{ audience: issuer, resource: undefined, scopes: wanted(connection.scopes) }]
      : resources
          .filter(({ id }) => connection.resources.includes(id))
          .map(({ id, scopes }) => ({ audience: issuer, resource: id, scopes: wanted(scopes) }))
          .sort((a, b) => (a.resource < b.resource ? -1 : 1))
  return places.filter(
    ({ resource, scopes }) =>
      scopes.length > 0 && (filter.resource === undefined || resource === filter.resource),
  )
}

/** Tries all scopes together first; if that is denied, each scope separately, since a rule may concern one of them. */
function judgeCandidate(
  candidate: Candidate,
  filter: ReachFilter,
  world: ReachWorld,
  signIn: ReachSignIn,
): Reach {
  const { connection, audience, resource, user, scopes } = candidate
  const whole = decide(candidate, scopes, world, signIn)
  const records =
    whole.outcome === 'allow' || scopes.length === 1
      ? [{ record: whole, asked: scopes }]
      : scopes.map((scope) => ({ record: decide(candidate, [scope], world, signIn), asked: [scope] }))
  const granted = records.flatMap(({ record }) => record.granted?.scope ?? [])
  return {
    app: connection.app,
    user: user.id,
    connection: connection.id,
    resourceApp: connection.resourceApp,
    audience,
    resource,
    via: whole.checks.find(({ id }) => id === 'people.connection')?.via,
    scopes: granted.filter((scope) => filter.scope === undefined || scope === filter.scope),
    afterStepUp: groupStepUps(records.filter(({ record }) => record.outcome === 'step_up')),
  }
}

function decide(
  { connection, audience, resource, user }: Candidate,
  scopes: readonly string[],
  { snapshot, nowMs, volumeOf }: ReachWorld,
  signIn: ReachSignIn,
): DecisionRecord {
  const facts = assumeExchange(
    {
      decisionId: 'dec_reach',
      traceId: 'trc_reach',
      nowMs,
      mode: 'simulated',
      app: connection.app,
      userId: user.id,
      user,
      audience,
      resource: resource === undefined ? [] : [resource],
      scope: scopes.join(' '),
      authTime: signIn.authTime,
      acr: signIn.acr,
      dpopThumbprint: signIn.dpopThumbprint,
      ip: signIn.ip,
      describedApp: signIn.describedApp,
      volumeLastHour: volumeOf?.(connection.app, user.id),
    },
    snapshot,
  )
  return evaluateExchange(signIn.client === undefined ? facts : { ...facts, client: signIn.client }, snapshot)
}

/** Groups scopes that the same sign-in would allow. */
function groupStepUps(
  records: readonly { readonly record: DecisionRecord; readonly asked: readonly string[] }[],
): Reach['afterStepUp'] {
  const groups = new Map<string, { scopes: string[]; record: DecisionRecord }>()
  for (const { record, asked } of records) {
    const key = JSON.stringify([record.wire.acr_values, record.wire.max_age])
    const group = groups.get(key) ?? { scopes: [], record }
    groups.set(key, group)
    group.scopes.push(...asked)
  }
  return [...groups.values()].map(({ scopes, record: { wire } }) => ({
    scopes,
    ...(wire.acr_values === undefined ? {} : { acrValues: wire.acr_values.split(' ') }),
    ...(wire.max_age === undefined ? {} : { maxAgeSeconds: wire.max_age }),
  }))
}
