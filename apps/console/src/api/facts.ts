// Facts about many connections, apps or users, for the rows of a list. Requested in chunks, since ids are in the URL, and servers and proxies limit
// its length.
import type { AdminAnswer } from '@crosswalk/admin-api'
import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'

import { adminApi, type AnswerTo } from './client.ts'
import { keyOf } from './queries.ts'

export type ConnectionFacts = AnswerTo<'connections.facts'>['items'][number]
export type AppFacts = AnswerTo<'apps.facts'>['items'][number]
export type UserFacts = AnswerTo<'users.facts'>['items'][number]
export type FactsById<T> = ReadonlyMap<string, T>

/** One page of a list, so that additional rows form a new chunk and no chunk is requested twice. */
const MAX_IDS = 50
/** Node.js accepts 16 kB of request headers in total, many proxies 8 kB. */
const MAX_CHARACTERS = 6000

export function chunkIds(ids: readonly string[], most = MAX_IDS): readonly (readonly string[])[] {
  const chunks: string[][] = []
  let room = 0
  for (const id of ids) {
    // Including the separator.
    const characters = encodeURIComponent(id).length + 3
    const last = chunks.at(-1)
    if (last === undefined || last.length === most || characters > room) {
      chunks.push([id])
      room = MAX_CHARACTERS - characters
    } else {
      last.push(id)
      room -= characters
    }
  }
  return chunks
}

/** @returns the ids; the same array for the same items */
export function useIds(items: readonly { readonly id: string }[]): readonly string[] {
  return useMemo(() => items.map(({ id }) => id), [items])
}

export interface ManyFacts<T> {
  readonly byId: FactsById<T>
  /** All chunks have been answered */
  readonly complete: boolean
  readonly error: Error | null
}

type FactRoute = 'connections.facts' | 'apps.facts' | 'users.facts'
type Answer<T> = AdminAnswer<{ readonly items: readonly T[] }>

/** @param separator - of the ids */
function createFactsHook<T extends { readonly id: string }>(route: FactRoute, separator: string) {
  const describe = (ids: readonly string[]) => {
    const call = { query: { ids: ids.join(separator) } }
    return {
      queryKey: keyOf(route, call),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        adminApi.call(route, call, { signal }) as unknown as Promise<Answer<T>>,
    }
  }
  return (ids: readonly string[]): ManyFacts<T> => {
    const queries = useMemo(() => chunkIds(ids).map(describe), [ids])
    return useQueries({ queries, combine })
  }
}

/** A stable function, so that rows render again only when data arrives. */
function combine<T extends { readonly id: string }>(
  results: readonly UseQueryResult<Answer<T>>[],
): ManyFacts<T> {
  return {
    byId: new Map(results.flatMap(({ data }) => data?.body.items ?? []).map((fact) => [fact.id, fact])),
    complete: results.every(({ data }) => data !== undefined),
    error: results.find(({ error, data }) => error !== null && data === undefined)?.error ?? null,
  }
}

export const useConnectionFacts = createFactsHook<ConnectionFacts>('connections.facts', ',')
export const useAppFacts = createFactsHook<AppFacts>('apps.facts', '\n')
export const useUserFacts = createFactsHook<UserFacts>('users.facts', '\n')
