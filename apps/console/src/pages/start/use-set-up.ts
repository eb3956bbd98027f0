// The nine facts of the setup checklist, computed from server data.
import { MAX_PAGE, type RouteName } from '@crosswalk/admin-api'
import { isLoopbackAuthority } from '@crosswalk/protocol'

import { useConnectionFacts, useIds } from '../../api/facts.ts'
import { useApi, useCompleteList, type CompleteList } from '../../api/queries.ts'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'

export interface SetUpItem {
  readonly id: 'roles' | 'https' | 'users' | 'app' | 'resource' | 'connection' | 'proved' | 'owners' | 'drill'
  /** `unknown`: hidden from the role; `unsure`: not found in the part that was read */
  readonly state: 'done' | 'open' | 'unknown' | 'unsure'
  readonly to?: { readonly path: string; readonly label: string }
}

const ONE = { query: { limit: 1 } } as const

export interface SetUp {
  readonly items: readonly SetUpItem[]
  /** Some reads are pending */
  readonly loading: boolean
  /** A failed read that the result depends on */
  readonly failed: { readonly error: unknown; readonly refetch: () => unknown } | undefined
}

export function useSetUp(): SetUp {
  const can = useCan()
  const session = useSession()
  const ask = (route: RouteName) => ({ enabled: can(route) })
  const users = useApi('users.list', ONE, ask('users.list'))
  const apps = useApi('apps.list', ONE, ask('apps.list'))
  const agents = useCompleteList('apps.list', { kind: 'agent' }, ask('apps.list'))
  const resources = useCompleteList('resource-apps.list', {}, ask('resource-apps.list'))
  const active = useApi(
    'connections.list',
    { query: { status: 'active', limit: 1 } },
    ask('connections.list'),
  )
  const proof = useProof()
  const drill = useDrill()
  const reads = [users, apps, active, ...proof.reads, ...drill.reads, agents.query, resources.query]
  const base = new URL(session.baseUrl)
  const items = [
    item('roles', session.id !== 'admin'),
    item('https', base.protocol === 'https:' || isLoopbackAuthority(base.host)),
    item('users', hasSome(users), { path: '/users/new', label: text('users.new') }),
    item('app', hasSome(apps), { path: '/apps/new', label: text('apps.register') }),
    item(
      'resource',
      judge(
        resources,
        resources.items.some(({ issuer }) => issuer !== session.issuer),
        true,
      ),
      { path: '/resource-apps/new', label: text('resourceApps.register') },
    ),
    item('connection', hasSome(active), { path: '/connections/new', label: text('nav.newConnection') }),
    item('proved', proof.fact, { path: '/connections', label: text('word.connections') }),
    item(
      'owners',
      judge(
        agents,
        // Until an app is registered, no agent has an owner.
        hasSome(apps) === false || agents.items.some(({ activeOwners }) => activeOwners.length === 0),
        false,
      ),
      { path: '/agents', label: text('nav.agents') },
    ),
    item('drill', drill.fact, { path: '/kill-switch', label: text('nav.kill') }),
  ]
  return {
    items,
    loading: reads.some(({ isLoading }) => isLoading),
    failed: reads.find(({ error, data }) => error !== null && data === undefined),
  }
}

/** `unsure` if not found in the part that was read. */
type Fact = boolean | 'unsure' | undefined

function hasSome({ data }: { readonly data?: { body: { items: readonly unknown[] } } | undefined }): Fact {
  return data === undefined ? undefined : data.body.items.length > 0
}

/** @param found - the deciding item; `means` is the resulting state */
function judge(
  { items, isComplete, query }: Pick<CompleteList<unknown>, 'items' | 'isComplete' | 'query'>,
  found: boolean,
  means: boolean,
): Fact {
  if (query.data === undefined && items.length === 0) return undefined
  if (found) return means
  return isComplete ? !means : 'unsure'
}

/** Checks each of the first connections; for others, recent allowed decisions. */
function useProof() {
  const connections = useApiIfAllowed('connections.list', { query: { limit: MAX_PAGE } })
  const page = connections.data?.body
  const facts = useConnectionFacts(useIds(page?.items ?? NONE))
  const more = page !== undefined && page.next !== null
  const allowed = useApiIfAllowed(
    'decisions.list',
    { query: { outcome: 'allow', limit: 50 } },
    { enabled: more },
  )
  const proved =
    [...facts.byId.values()].some(({ lastUsedAt }) => lastUsedAt !== null) ||
    allowed.data?.body.items.some(({ stage }) => stage === 'idp.token_exchange')
  const fact: Fact =
    page === undefined || !facts.complete ? undefined : proved === true ? true : more ? 'unsure' : false
  return { fact, reads: [connections] }
}

const NONE: readonly never[] = []
const DRILL = /\bdrill/i

/** A lifted kill labelled as a drill. A real kill does not count. */
function useDrill() {
  const lifts = useApiIfAllowed('audit.list', {
    query: { log: 'admin', type: 'kill.lifted', limit: MAX_PAGE },
  })
  const page = lifts.data?.body
  const found = page?.items.some(({ reason }) => typeof reason === 'string' && DRILL.test(reason))
  const fact: Fact = found === false && page?.next !== null ? 'unsure' : found
  return { fact, reads: [lifts] }
}

function item(id: SetUpItem['id'], fact: Fact, to?: SetUpItem['to']): SetUpItem {
  const state = fact === undefined ? 'unknown' : fact === 'unsure' ? fact : fact ? 'done' : 'open'
  return { id, state, ...(to === undefined || state !== 'open' ? {} : { to }) }
}
