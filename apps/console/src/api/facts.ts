// Facts about many connections, apps or users, for the rows of a list. Requested in chunks, since ids are in the URL, and servers and proxies limit
// its length.
import type { AdminAnswer } from '@crosswalk/admin-api'
import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'

import { adminApi, type AnswerTo, type CallTo } from './client.ts'
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

export function useConnectionFacts(ids: readonly string[]): ManyFacts<ConnectionFacts> {
  const queries = useMemo(
    () => chunkIds(ids).map((chunk) => describe('connections.facts', chunk.join(','))),
    [ids],
  )
  return useQueries({ queries, combine: combineConnections })
}

export function useAppFacts(ids: readonly string[]): ManyFacts<AppFacts> {
  const queries = useMemo(() => chunkIds(ids).map((chunk) => describe('apps.facts', chunk.join('\n'))), [ids])
  return useQueries({ queries, combine: combineApps })
}

export function useUserFacts(ids: readonly string[]): ManyFacts<UserFacts> {
  const queries = useMemo(
    () => chunkIds(ids).map((chunk) => describe('users.facts', chunk.join('\n'))),
    [ids],
  )
  return useQueries({ queries, combine: combineUsers })
}

type FactRoute = 'connections.facts' | 'apps.facts' | 'users.facts'

function describe<N extends FactRoute>(name: N, ids: string) {
  const call = { query: { ids } } as unknown as CallTo<N>
  return {
    queryKey: keyOf(name, call),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => adminApi.call(name, call, { signal }),
  }
}

// Stable functions, so that rows render again only when data arrives.
const combineConnections = (results: readonly Result<ConnectionFacts>[]) => combine(results)
const combineApps = (results: readonly Result<AppFacts>[]) => combine(results)
const combineUsers = (results: readonly Result<UserFacts>[]) => combine(results)

type Result<T> = UseQueryResult<AdminAnswer<{ readonly items: readonly T[] }>>

function combine<T extends { readonly id: string }>(results: readonly Result<T>[]): ManyFacts<T> {
  return {
    byId: new Map(results.flatMap(({ data }) => data?.body.items ?? []).map((fact) => [fact.id, fact])),
    complete: results.every(({ data }) => data !== undefined),
    error: results.find(({ error, data }) => error !== null && data === undefined)?.error ?? null,
  }
}
