// Looks up names for ids. Components request a name where they show it; unknown ones of a page are read together in batches.
import { MAX_PAGE } from '@crosswalk/admin-api'
import { type QueryClient, useQueries, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import { useSession } from './session.tsx'
import { text } from '../texts/text.ts'
import { batchReads } from '../api/by-ids.ts'
import { adminApi, type RouteName } from '../api/client.ts'
import type { ItemOf } from '../api/queries.ts'

/** Each returns the id until the name is loaded, or if it does not exist or is hidden from the role. */
export interface Names {
  app(id: string): string
  resourceApp(id: string): string
  user(id: string): string
  /** The requesting app and the resource app of a connection, with an arrow */
  appPair(of: { readonly app: string; readonly resourceApp: string }): string
  /** Named by its two apps */
  connection(id: string): string
  /** Named by its user and two apps */
  accessRequest(id: string): string
  /** True once the server has answered that it does not exist, or is hidden from the role */
  isMissing(collection: NamedCollection, id: string): boolean
}

/** Whose objects have names */
export type NamedCollection = 'apps' | 'resource-apps' | 'users' | 'connections' | 'access-requests'
type Item<C extends NamedCollection> = ItemOf<`${C}.list`>

/** The client of the console itself, which no list contains. */
const CONSOLE_APP = 'crosswalk-console'

/** Who acted, where it was no user: as the server names who used `admin.token`, and itself. */
const NO_USERS: ReadonlyMap<string, string> = new Map([
  ['admin', text('name.fileToken')],
  ['system', text('name.system')],
])

const FIND: { readonly [C in NamedCollection]: (id: string) => Promise<Item<C> | null> } = {
  apps: readByIds('apps'),
  'resource-apps': readByIds('resource-apps'),
  users: readByIds('users'),
  connections: readByIds('connections'),
  'access-requests': readByIds('access-requests'),
}

function readByIds<T extends { readonly id: string }>(
  collection: NamedCollection,
): (id: string) => Promise<T | null> {
  return batchReads(async (ids) => {
    const query = { ids: ids.join('\n'), limit: ids.length }
    const { body } = await adminApi.call(`${collection}.list`, { query })
    return body.items as unknown as readonly T[]
  }, MAX_PAGE)
}

/** Begins with the collection, so that names are read again when definitions change. */
type Key = readonly [collection: NamedCollection, what: 'by-id', id: string]

export function useNames(): Names {
  const queries = useQueryClient()
  const { routes, issuer } = useSession()
  const [asked, setAsked] = useState<readonly Key[]>([])
  const [ask] = useState(() => gatherKeys(setAsked))
  // Without an identity provider there are no names.
  const seen = useMemo(() => new Set<RouteName>(issuer === undefined ? [] : routes), [routes, issuer])
  const [combine] = useState(createCombine)
  const answers = useQueries({ queries: useMemo(() => asked.map(describe), [asked]), combine })
  return useMemo(
    () => {
      const find: Find = (collection, id) => {
        // An empty field names nothing.
        if (id === '' || !seen.has(`${collection}.list`)) return undefined
        const key: Key = [collection, 'by-id', id]
        ask(key)
        return readKnown(queries, key)
      }
      const isMissing: Names['isMissing'] = (collection, id) =>
        find(collection, id) === undefined && queries.getQueryData([collection, 'by-id', id]) === null
      return { ...nameBy(find), isMissing }
    },
    // A new object per update, so that components render again.
    [answers, queries, seen, ask],
  )
}

/** Names update on changes; reappearing rows do not read them again. */
const FRESH_MS = 60_000

function describe(queryKey: Key) {
  const [collection, , id] = queryKey
  const queryFn = (): Promise<Item<NamedCollection> | null> => FIND[collection](id)
  return { queryKey, queryFn, staleTime: FRESH_MS }
}

/** @returns a counter that changes only once all lookups finish, so that a table renders once */
function createCombine(): (results: readonly UseQueryResult[]) => number {
  let last = 0
  return (results) => {
    if (results.every(({ isPending }) => !isPending))
      last = results.reduce((sum, { dataUpdatedAt }) => sum + dataUpdatedAt, 0)
    return last
  }
}

/** Includes names read by other pages. */
function readKnown<C extends NamedCollection>(queries: QueryClient, key: Key): Item<C> | undefined {
  return queries.getQueryData<Item<C> | null>(key) ?? undefined
}

/** @returns a function that requests an id at most once; requests during one render are batched */
function gatherKeys(handOn: (keys: readonly Key[]) => void): (key: Key) => void {
  const all = new Map<string, Key>()
  let waits = false
  return (key) => {
    const name = key.join(' ')
    if (all.has(name)) return
    all.set(name, key)
    if (waits) return
    waits = true
    setTimeout(() => {
      waits = false
      handOn([...all.values()])
    })
  }
}

type Find = <C extends NamedCollection>(collection: C, id: string) => Item<C> | undefined

function nameBy(find: Find): Omit<Names, 'isMissing'> {
  const app = (id: string) => (id === CONSOLE_APP ? text('name.console') : (find('apps', id)?.name ?? id))
  const resourceApp = (id: string) => find('resource-apps', id)?.name ?? id
  const user = (id: string) => {
    const found = find('users', id)
    return found?.name ?? found?.username ?? NO_USERS.get(id) ?? id
  }
  const appPair: Names['appPair'] = (of) => `${app(of.app)} → ${resourceApp(of.resourceApp)}`
  return {
    app,
    resourceApp,
    user,
    appPair,
    connection(id) {
      const found = find('connections', id)
      return found === undefined ? id : appPair(found)
    },
    accessRequest(id) {
      const found = find('access-requests', id)
      return found === undefined
        ? id
        : text('name.accessRequest', { who: user(found.user), apps: appPair(found) })
    },
  }
}
