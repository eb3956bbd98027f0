// The nine facts of the set-up checklist, each computed from what the server says.
import type { RouteName } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export interface SetUpItem {
  readonly id:
    'roles' | 'https' | 'people' | 'app' | 'resource' | 'connection' | 'proved' | 'owners' | 'drill'
  /** `unknown`: the role does not show it, or the server has not answered yet */
  readonly state: 'done' | 'open' | 'unknown'
  readonly to?: { readonly path: string; readonly label: string }
}

const ALL = { query: { limit: 200 } } as const
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

export function useSetUp(): readonly SetUpItem[] {
  const can = useCan()
  const session = useSession()
  const ask = (route: RouteName) => ({ enabled: can(route) })
  const users = useApi('users.list', { query: { limit: 1 } }, ask('users.list')).data?.body.items
  const apps = useApi('apps.list', ALL, ask('apps.list')).data?.body.items
  const resources = useApi('resource-apps.list', ALL, ask('resource-apps.list')).data?.body.items
  const connections = useApi('connections.list', ALL, ask('connections.list')).data?.body.items
  const ids = (connections ?? []).map(({ id }) => id).join(',')
  const facts = useApi('connections.facts', { query: { ids } }, { enabled: ids !== '' }).data?.body.items
  const drills = useApi(
    'audit.list',
    { query: { log: 'admin', type: 'kill.pressed', limit: 1 } },
    ask('audit.list'),
  ).data?.body.items
  const base = new URL(session.baseUrl)
  const newConnection = { path: '/connections/new', label: text('nav.newConnection') }
  return [
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
}

function item(id: SetUpItem['id'], fact: boolean | undefined, to?: SetUpItem['to']): SetUpItem {
  const state = fact === undefined ? 'unknown' : fact ? 'done' : 'open'
  return { id, state, ...(to === undefined || state === 'done' ? {} : { to }) }
}
