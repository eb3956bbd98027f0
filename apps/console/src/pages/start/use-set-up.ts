// The nine facts of the set-up checklist, each computed from what the server says.
import type { RouteName } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export interface SetUpItem {
  readonly id:
    'roles' | 'https' | 'people' | 'app' | 'resource' | 'connection' | 'proved' | 'owners' | 'drill'
  /** `unknown`: the role does not show it */
  readonly state: 'done' | 'open' | 'unknown'
  readonly to?: { readonly path: string; readonly label: string }
}

const ALL = { query: { limit: 200 } } as const
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

export interface SetUp {
  readonly items: readonly SetUpItem[]
  /** Not everything is answered yet */
  readonly loading: boolean
  /** A read without which nothing can be said, where one failed */
  readonly failed: { readonly error: unknown; readonly refetch: () => unknown } | undefined
}

export function useSetUp(): SetUp {
  const can = useCan()
  const session = useSession()
  const ask = (route: RouteName) => ({ enabled: can(route) })
  const usersRead = useApi('users.list', { query: { limit: 1 } }, ask('users.list'))
  const users = usersRead.data?.body.items
  const appsRead = useApi('apps.list', ALL, ask('apps.list'))
  const apps = appsRead.data?.body.items
  const resourcesRead = useApi('resource-apps.list', ALL, ask('resource-apps.list'))
  const resources = resourcesRead.data?.body.items
  const connectionsRead = useApi('connections.list', ALL, ask('connections.list'))
  const connections = connectionsRead.data?.body.items
  const ids = (connections ?? []).map(({ id }) => id).join(',')
  const factsRead = useApi('connections.facts', { query: { ids } }, { enabled: ids !== '' })
  const facts = factsRead.data?.body.items
  const drillsRead = useApi(
    'audit.list',
    { query: { log: 'admin', type: 'kill.pressed', limit: 1 } },
    ask('audit.list'),
  )
  const drills = drillsRead.data?.body.items
  const reads = [usersRead, appsRead, resourcesRead, connectionsRead, factsRead, drillsRead]
  const base = new URL(session.baseUrl)
  const newConnection = { path: '/connections/new', label: text('nav.newConnection') }
  const items = [
    item('roles', session.id !== 'admin'),
    item('https', base.protocol === 'https:' || LOOPBACK.test(base.hostname)),
    item('people', users && users.length > 0),
    item('app', apps && apps.length > 0),
    item(
      'resource',
      resources?.some(({ issuer }) => issuer !== session.issuer),
    ),
    item(
      'connection',
      connections?.some(({ status }) => status === 'active'),
      newConnection,
    ),
    item(
      'proved',
      connections && facts
        ? facts.some(({ provedAt }) => provedAt !== null)
        : connections && ids === ''
          ? false
          : undefined,
    ),
    item(
      'owners',
      apps?.filter(({ kind }) => kind === 'agent').every(({ owners }) => owners.length > 0),
    ),
    item('drill', drills && drills.length > 0),
  ]
  return {
    items,
    loading: reads.some(({ isLoading }) => isLoading),
    failed: reads.find(({ error, data }) => error !== null && data === undefined),
  }
}

function item(id: SetUpItem['id'], fact: boolean | undefined, to?: SetUpItem['to']): SetUpItem {
  const state = fact === undefined ? 'unknown' : fact ? 'done' : 'open'
  return { id, state, ...(to === undefined || state === 'done' ? {} : { to }) }
}
