// Search results of the palette: pages and actions immediately, objects from the server while typing.
import { useMemo } from 'react'

import { useApi } from '../api/queries.ts'
import { useActions } from '../components/actions.tsx'
import { useCan } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import { PAGES } from './pages.ts'
import { useIsVisible } from './use-is-visible.ts'

export type Finding = { readonly key: string; readonly label: string; readonly group: string } & (
  | { readonly to: string }
  | { readonly run: () => void }
)

export interface PaletteFindings {
  readonly findings: readonly Finding[]
  /** The object search failed, so results may be missing */
  readonly incomplete: boolean
}

const MAX_PER_KIND = 5

/**
 * @param query - current input
 * @param settled - input after a pause in typing, sent to the server
 */
export function usePaletteFindings(query: string, settled: string): PaletteFindings {
  const shown = useIsVisible()
  const actions = useActions()
  const { objects, incomplete } = useObjects(settled)
  const findings = useMemo(() => {
    const fits = (label: string) => label.toLowerCase().includes(query.toLowerCase())
    const pages = PAGES.filter((entry) => !entry.path.includes('$') && shown(entry) && fits(entry.title)).map(
      ({ path, title }) => ({ key: path, label: title, group: text('palette.pages'), to: path }),
    )
    const here = actions
      .filter(({ label, disabled }) => disabled === undefined && fits(label))
      .map(({ label, run }) => ({ key: `act ${label}`, label, group: text('palette.actions'), run }))
    // Until the server responds to the current input, filter its previous results.
    const found = settled === query ? objects : objects.filter(({ label }) => fits(label))
    return [...findDecision(query), ...here, ...pages, ...found]
  }, [query, settled, shown, actions, objects])
  return { findings, incomplete }
}

function findDecision(query: string): readonly Finding[] {
  if (!/^dec_\w+$/.test(query)) return []
  const label = text('palette.openDecision', { id: query })
  return [{ key: query, label, group: text('word.decisions'), to: `/decisions/${query}` }]
}

function useObjects(q: string): { readonly objects: readonly Finding[]; readonly incomplete: boolean } {
  const can = useCan()
  const options = (route: 'connections.list' | 'apps.list' | 'resource-apps.list' | 'users.list') =>
    ({ enabled: q.length >= 2 && can(route) }) as const
  const query = { q: q === '' ? undefined : q, limit: MAX_PER_KIND }
  const connections = useApi('connections.list', { query }, options('connections.list'))
  const apps = useApi('apps.list', { query }, options('apps.list'))
  const resourceApps = useApi('resource-apps.list', { query }, options('resource-apps.list'))
  const users = useApi('users.list', { query }, options('users.list'))
  const incomplete = [connections, apps, resourceApps, users].some(({ error }) => error !== null)
  const objects = useMemo((): readonly Finding[] => {
    if (q.length < 2) return []
    return [
      ...(connections.data?.body.items ?? []).map(({ id, app, resourceApp }) => ({
        key: `connection ${id}`,
        label: `${app} → ${resourceApp}`,
        group: text('word.connections'),
        to: `/connections/${encodeURIComponent(id)}`,
      })),
      ...(apps.data?.body.items ?? []).map(({ id, name }) => ({
        key: `app ${id}`,
        label: name,
        group: text('word.requestingApps'),
        to: `/apps/${encodeURIComponent(id)}`,
      })),
      ...(resourceApps.data?.body.items ?? []).map(({ id, name }) => ({
        key: `resource app ${id}`,
        label: name,
        group: text('nav.resourceApps'),
        to: `/resource-apps/${encodeURIComponent(id)}`,
      })),
      ...(users.data?.body.items ?? []).map(({ id, name, username }) => ({
        key: `user ${id}`,
        label: name ?? username,
        group: text('word.users'),
        to: `/users/${encodeURIComponent(id)}`,
      })),
    ]
  }, [q, connections.data, apps.data, resourceApps.data, users.data])
  return { objects, incomplete }
}
