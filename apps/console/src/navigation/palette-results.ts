// Search results of the palette: pages and actions immediately, objects from the server while typing.
import { useMemo } from 'react'

import { useApi } from '../api/queries.ts'
import { useActions } from '../components/actions.tsx'
import { useCan } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import { PAGES } from './pages.ts'
import { useIsVisible } from './use-is-visible.ts'
import { type KindWithPage, pathOf } from '../components/object/object-path.ts'

export type PaletteResult = { readonly key: string; readonly label: string; readonly group: string } & (
  | { readonly to: string }
  | { readonly run: () => void }
)

export interface PaletteResults {
  readonly findings: readonly PaletteResult[]
  /** The object search failed, so results may be missing */
  readonly incomplete: boolean
  /** The server has not responded to the current input yet */
  readonly searching: boolean
}

const MAX_PER_KIND = 5

/**
 * @param query - current input
 * @param settled - input after a pause in typing, sent to the server
 */
export function usePaletteResults(query: string, settled: string): PaletteResults {
  const shown = useIsVisible()
  const actions = useActions()
  const { objects, incomplete, pending } = useObjects(settled)
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
  return { findings, incomplete, searching: pending || settled !== query }
}

function findDecision(query: string): readonly PaletteResult[] {
  if (!/^dec_\w+$/.test(query)) return []
  const label = text('palette.openDecision', { id: query })
  return [{ key: query, label, group: text('word.decisions'), to: `/decisions/${query}` }]
}

interface FoundObjects extends Pick<PaletteResults, 'incomplete'> {
  readonly objects: readonly PaletteResult[]
  readonly pending: boolean
}

function useObjects(q: string): FoundObjects {
  const can = useCan()
  const options = (route: 'connections.list' | 'apps.list' | 'resource-apps.list' | 'users.list') =>
    ({ enabled: q.length >= 2 && can(route) }) as const
  const query = { q: q === '' ? undefined : q, limit: MAX_PER_KIND }
  const connections = useApi('connections.list', { query }, options('connections.list'))
  const apps = useApi('apps.list', { query }, options('apps.list'))
  const resourceApps = useApi('resource-apps.list', { query }, options('resource-apps.list'))
  const users = useApi('users.list', { query }, options('users.list'))
  const all = [connections, apps, resourceApps, users]
  const incomplete = all.some(({ error }) => error !== null)
  const objects = useMemo((): readonly PaletteResult[] => {
    if (q.length < 2) return []
    const list = <T extends { readonly id: string }>(
      items: readonly T[] = [],
      kind: KindWithPage,
      group: string,
      label: (item: T) => string,
    ) =>
      items.map((item) => ({
        key: `${kind} ${item.id}`,
        label: label(item),
        group,
        to: pathOf(kind, item.id),
      }))
    return [
      ...list(
        connections.data?.body.items,
        'connection',
        text('word.connections'),
        (item) => `${item.app} → ${item.resourceApp}`,
      ),
      ...list(apps.data?.body.items, 'app', text('word.requestingApps'), ({ name }) => name),
      ...list(resourceApps.data?.body.items, 'resource_app', text('nav.resourceApps'), ({ name }) => name),
      ...list(users.data?.body.items, 'user', text('word.users'), ({ name, username }) => name ?? username),
    ]
  }, [q, connections.data, apps.data, resourceApps.data, users.data])
  return { objects, incomplete, pending: all.some(({ isLoading }) => isLoading) }
}
