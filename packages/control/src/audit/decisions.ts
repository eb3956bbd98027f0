// Lists recorded decisions and reads them by id. Nothing is evaluated again.
import type { decisionRoutes } from '@crosswalk/admin-api'
import { toEpochMs } from '@crosswalk/admin-api'
import { type DecisionRecord, dropUndefined } from '@crosswalk/protocol'
import type { RecordedEvent, Storage } from '@crosswalk/storage'

import { definitionsOf, type World } from '../definitions/records.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import type { AdminContext, Caller, Handlers } from '../http/context.ts'
import { createAppFinder } from './apps-of-decision.ts'
import { isDeveloper, showDecision } from './decision-tiers.ts'
import { readCodes } from './event-filter.ts'
import type { Parts } from '../parts.ts'
import { forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { readStoredPage } from '../http/stored-page.ts'
import { isInScope } from '../http/scope.ts'

const TYPES_ABOUT = {
  access: [
    ...(['idjag.issued', 'idjag.denied', 'idjag.stepup'] as const),
    ...(['token.redeemed', 'token.issued', 'token.refused', 'authorization.refused'] as const),
  ],
  'sign-in': ['signin.tokens_issued', 'signin.tokens_refused'],
} as const

/** Events of decisions that were enforced. */
const DECISION_TYPES = [...TYPES_ABOUT.access, ...TYPES_ABOUT['sign-in']] as const

export function decisionTypes(about: keyof typeof TYPES_ABOUT | undefined) {
  return about === undefined ? DECISION_TYPES : TYPES_ABOUT[about]
}

/** A scoped caller may see few of many decisions; a page may then be short, with `next` pointing on. */
const MAX_PAGES_READ = 20
/** A role for more apps and connections reads all decisions, and its pages may be short. */
const MAX_QUERIES = 50

type Names = Extract<keyof typeof decisionRoutes, `decisions.${string}`>

export function createDecisionHandlers(
  parts: Parts<'directory' | 'storage' | 'recentRefusals'>,
): Pick<Handlers, Names> {
  return {
    'decisions.list': async ({ query }, { caller }) =>
      refuseFilters(query, caller) ?? listDecisions(parts, query, caller),
    async 'decisions.read'({ params: { id } }, context) {
      const [record] = await findDecisions(parts, { decisionId: id }, context)
      if (record === undefined) return notFound(`There is no decision ${id}.`)
      return { status: 200, body: record }
    },
  }
}

/** Filters must not reveal what a record hides. */
function refuseFilters({ code, user }: ListQuery, caller: Caller): Problem | undefined {
  if (!isDeveloper(caller) || (code === undefined && user === undefined)) return undefined
  return forbidden(`${caller.role} may not filter by code or user.`)
}

type ListQuery = Parameters<Handlers['decisions.list']>[0]['query']

async function listDecisions(
  parts: Parts<'directory' | 'storage'>,
  { since, until, user, code, cursor, limit, about, ...filters }: ListQuery,
  caller: Caller,
): Promise<
  { readonly status: 200; readonly body: { items: DecisionRecord[]; next: string | null } } | Problem
> {
  const scope = findScope(parts, caller)
  if (scope !== undefined && isAboutOthers(parts, filters, scope))
    return { status: 200, body: { items: [], next: null } }
  const anyOf = scope === undefined || countQueries(scope) > MAX_QUERIES ? undefined : scope
  const show = createDecisionView(parts, caller)
  const items: DecisionRecord[] = []
  let next = cursor
  for (let read = 0; read < MAX_PAGES_READ; read += 1) {
    const page = await listEvents(parts, {
      ...dropUndefined({ ...filters, anyOf }),
      types: decisionTypes(about),
      limit: limit - items.length,
      ...(code === undefined ? {} : { codes: readCodes(code) }),
      ...(user === undefined ? {} : { user: await findUserId(parts.directory.current(), user) }),
      ...(since === undefined ? {} : { since: toEpochMs(since) }),
      ...(until === undefined ? {} : { until: toEpochMs(until) }),
      ...(next === undefined ? {} : { cursor: next }),
    })
    if (isProblem(page)) return page
    items.push(...show(page.items.map(readDecision)))
    next = page.next
    if (next === undefined || items.length >= limit) break
  }
  return { status: 200, body: { items, next: next ?? null } }
}

type AppScope = NonNullable<EventQuery['anyOf']>

/** @returns what decisions of the apps of the caller are about; undefined for all apps */
function findScope({ directory }: Parts<'directory'>, caller: Caller): AppScope | undefined {
  if (caller.apps === undefined) return undefined
  const connections = definitionsOf(directory.current().world.connections)
  const own = connections.filter((one) => isInScope(caller, 'connections', one))
  // Decisions of authorization servers name the client there.
  const names = new Set([...caller.apps, ...own.flatMap(({ clientId }) => clientId ?? [])])
  return { apps: [...names], connections: own.map(({ id }) => id) }
}

function countQueries({ apps, connections }: AppScope): number {
  return apps.length + connections.length
}

/** The `next` of an empty page would show that another app is used, and when. */
function isAboutOthers(
  { directory }: Parts<'directory'>,
  { app, connection }: Pick<ListQuery, 'app' | 'connection'>,
  own: AppScope,
): boolean {
  const isOfOthers = (id: string) =>
    directory.current().world.connections.has(id) && !own.connections.includes(id)
  return (
    (app !== undefined && !own.apps.includes(app)) || (connection !== undefined && isOfOthers(connection))
  )
}

type EventQuery = Parameters<Storage['events']['list']>[0]

export function listEvents({ storage }: Parts<'storage'>, query: EventQuery) {
  return readStoredPage(() => storage.events.list(query))
}

type Reference = { readonly decisionId: string } | { readonly grantId: string } | { readonly traceId: string }

/** @returns the records the caller may see, oldest first, including the ring of recent refusals */
export async function findDecisions(
  parts: Parts<'directory' | 'storage' | 'recentRefusals'>,
  reference: Reference,
  { caller }: Pick<AdminContext, 'caller'>,
): Promise<readonly DecisionRecord[]> {
  const records = (await findRelated(parts, reference)).map(readDecision)
  const recent = records.length > 0 ? [] : findRecent(parts, reference)
  return createDecisionView(parts, caller)([...records, ...recent])
}

function findRelated({ storage: { events } }: Parts<'storage'>, reference: Reference) {
  if ('decisionId' in reference) return events.findByDecision(reference.decisionId)
  if ('grantId' in reference) return events.findByGrant(reference.grantId)
  return events.findByTrace(reference.traceId)
}

function findRecent(
  { recentRefusals }: Parts<'recentRefusals'>,
  reference: Reference,
): readonly DecisionRecord[] {
  return recentRefusals().flatMap((ring) => {
    if ('decisionId' in reference) return ring.find(reference.decisionId) ?? []
    return 'traceId' in reference ? ring.list().filter((it) => it.trace_id === reference.traceId) : []
  })
}

function readDecision({ event }: RecordedEvent): DecisionRecord | undefined {
  return event.decision
}

function createDecisionView(
  { directory }: Parts<'directory'>,
  caller: Caller,
): (records: readonly (DecisionRecord | undefined)[]) => readonly DecisionRecord[] {
  const isVisible = createVisibility(directory.current().world, caller)
  return (records) =>
    records.flatMap((record) =>
      record !== undefined && isVisible(record) ? [showDecision(record, caller)] : [],
    )
}

function createVisibility(world: World, caller: Caller): (record: DecisionRecord) => boolean {
  if (caller.apps === undefined) return () => true
  const findApps = createAppFinder(world)
  return (record) => {
    const apps = findApps(record)
    return apps.length > 0 && apps.every((app) => isInScope(caller, 'connections', { app }))
  }
}
