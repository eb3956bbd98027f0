// The queries that console pages send to the admin API: every list with each of its filters, and the figures of
// Overview. Each filter is used with frequent, rare and missing values, which are slow for different reasons.
import type { CallTo, RouteName } from '@crosswalk/admin-api'

export interface Question {
  readonly route: RouteName
  /** The query in a few words */
  readonly about: string
  readonly query: Readonly<Record<string, string | number>>
  /** Whether a page in the middle is also measured */
  readonly paged: boolean
}

/** Times within the period of the data, in RFC 3339. */
export interface Moments {
  readonly dayAgo: string
  readonly weekAgo: string
}

/** Page sizes: of a list, and of data that fills whole pages */
const PAGE = 50
const FULL_PAGE = 200

export function listQuestions(moments: Moments, connectionIds: readonly string[]): readonly Question[] {
  return [
    ...listOverview(),
    ...listObjects(),
    ...listDecisions(moments),
    ...listEvents(moments),
    ...listRecommendations(),
    ask('decisions.summary', { since: moments.weekAgo }),
    ask('connections.facts', { ids: connectionIds.slice(0, FULL_PAGE).join(',') }, `of ${FULL_PAGE}`),
    ask('apps.facts', { ids: apps(FULL_PAGE).join('\n') }, `of ${FULL_PAGE}`),
  ]
}

function listOverview(): readonly Question[] {
  return [
    ask('decisions.summary', {}, 'of a day'),
    ask('connections.list', { limit: 1 }),
    ...(['apps.list', 'connections.list', 'blocks.list', 'keys.list'] as const).map((route) =>
      ask(route, { limit: FULL_PAGE }),
    ),
    ask('access-requests.list', { state: 'open', limit: FULL_PAGE }),
    ask('audit.list', { log: 'admin', limit: PAGE }),
  ]
}

const SEARCHES = ['1', 'nothing like it'] as const

function listObjects(): readonly Question[] {
  const searched = (['users', 'groups', 'apps', 'resource-apps', 'connections', 'policies'] as const).flatMap(
    (collection) => [
      page(`${collection}.list`, {}),
      ...SEARCHES.map((q) => page(`${collection}.list`, { q })),
      page(`${collection}.list`, { owner: 'database' }),
      page(`${collection}.list`, { owner: 'file' }),
      page(`${collection}.list`, { status: collection === 'policies' ? 'enforced' : 'active' }),
      page(`${collection}.list`, { status: 'revoked' }),
    ],
  )
  return [
    ...searched,
    page('users.list', { group: 'team-7' }),
    page('apps.list', { kind: 'agent' }),
    page('resource-apps.list', { issuer: 'https://res-7.example' }),
    page('connections.list', { app: 'app-7' }),
    page('connections.list', { resourceApp: 'res-7' }),
    page('connections.list', { group: 'team-7' }),
    ...['open', 'declined', 'ended'].map((state) => page('access-requests.list', { state })),
    page('access-requests.list', {}),
  ]
}

/** Subjects of decisions: frequent, rare, and missing. */
const ABOUT: readonly Question['query'][] = [
  ...['app-0', 'app-7', 'app-none'].map((app) => ({ app })),
  ...['res-0', 'res-7', 'res-none'].map((resourceApp) => ({ resourceApp })),
  ...['app-0-res-0', 'app-7-res-21', 'app-none-res-none'].map((connection) => ({ connection })),
  ...['usr-1', 'user7', 'nobody'].map((user) => ({ user })),
  ...['XAA0000', 'XAA0001', 'XAA1503', 'XAA1205', 'XAA1999'].map((code) => ({ code })),
]

function listDecisions({ dayAgo, weekAgo }: Moments): readonly Question[] {
  return [
    {},
    ...ABOUT,
    ...['allow', 'deny', 'step_up', 'pending', 'error'].map((outcome) => ({ outcome })),
    { since: dayAgo },
    { until: weekAgo },
    { app: 'app-0', outcome: 'deny' },
    { app: 'app-0', code: 'XAA1999' },
    { connection: 'app-0-res-0', outcome: 'error' },
    { user: 'usr-1', outcome: 'deny', since: weekAgo },
  ].map((query) => page('decisions.list', query))
}

function listEvents({ dayAgo, weekAgo }: Moments): readonly Question[] {
  return [
    {},
    ...ABOUT,
    ...['idp', 'admin', 'as:todo0', 'none'].map((log) => ({ log })),
    ...['idjag.issued', 'idjag.denied', 'connection.created', 'nothing.happened'].map((type) => ({ type })),
    { type: 'idjag.issued,connection.created,nothing.happened' },
    ...['allow', 'deny', 'success', 'failure'].map((outcome) => ({ outcome })),
    { since: dayAgo },
    { until: weekAgo },
    { log: 'admin', type: 'idjag.denied' },
    { log: 'admin', outcome: 'deny' },
    { app: 'app-0', since: dayAgo, limit: FULL_PAGE },
  ].map((query) => page('audit.list', query))
}

/** Recommendations are re-evaluated after some seconds: the slowest responses include that. */
function listRecommendations(): readonly Question[] {
  return [
    ask('recommendations.list', { limit: FULL_PAGE }),
    page('recommendations.list', {}),
    ...['critical', 'info'].map((severity) => page('recommendations.list', { severity })),
    ...['connection-without-end', 'scope-first-use', 'clock-drift'].map((rule) =>
      page('recommendations.list', { rule }),
    ),
    ...['muted', 'all'].map((state) => page('recommendations.list', { state })),
    page('recommendations.list', { mine: 'true' }),
  ]
}

function apps(count: number): string[] {
  return Array.from({ length: count }, (_, place) => `app-${place}`)
}

function page(route: RouteName, query: Question['query']): Question {
  return { ...ask(route, { limit: PAGE, ...query }), paged: true }
}

function ask(route: RouteName, query: Question['query'], about = describe(query)): Question {
  return { route, query, about, paged: false }
}

function describe({ limit, ...filters }: Question['query']): string {
  const parts = Object.entries(filters).map(([name, value]) => `${name}=${value}`)
  return [...parts, ...(limit === undefined || limit === PAGE ? [] : [`limit=${limit}`])].join(' ') || 'all'
}

/** Typed loosely for the client: the server validates the query. */
export function callOf({ query }: Question, cursor?: string): CallTo<RouteName> {
  return { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } } as unknown as CallTo<RouteName>
}
