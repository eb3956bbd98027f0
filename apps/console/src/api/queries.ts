// Reading: one hook for a single object, one for a paged list. Keys begin with the collection, so that a change repeats exactly the affected
// reads.
import { type AdminAnswer, MAX_PAGE } from '@crosswalk/admin-api'
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'

import { adminApi, type AnswerTo, type CallTo, type RouteName } from './client.ts'
import { repeatEvery } from './query-client.ts'

/** @returns `['connections', 'connections.read', { … }]` */
export function keyOf<N extends RouteName>(name: N, call: CallTo<N>): readonly unknown[] {
  return [name.split('.')[0], name, call]
}

export interface ReadOptions {
  /** false disables the read */
  readonly enabled?: boolean
  /** Shows the previous data while new data is fetched, for example for filters */
  readonly keepPrevious?: boolean
}

/** Reads one object; changes send `data.etag` as `ifMatch`. */
export function useApi<N extends RouteName>(
  name: N,
  call: CallTo<N>,
  { enabled = true, keepPrevious = false }: ReadOptions = {},
): UseQueryResult<AdminAnswer<AnswerTo<N>>> {
  return useQuery<AdminAnswer<AnswerTo<N>>>({
    queryKey: keyOf(name, call),
    queryFn: ({ signal }) => adminApi.call(name, call, { signal }),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  })
}

type PageOf<N extends RouteName> = Extract<
  AnswerTo<N>,
  { readonly items: readonly unknown[]; readonly next: string | null }
>
/** Names of paged routes. */
export type ListName = { [N in RouteName]: PageOf<N> extends never ? never : N }[RouteName]
export type ItemOf<N extends ListName> = PageOf<N>['items'][number]

export interface PagedList<T> {
  readonly items: readonly T[]
  readonly query: UseInfiniteQueryResult<unknown>
  readonly hasMore: boolean
  /** What is missing because the server cannot read it */
  readonly unreadable?: MayMiss['unreadable']
  showMore(): void
  /** The same, but not twice: several parts of a page may read on */
  readOn(): void
}

type MayMiss = Pick<PageOf<'reviews.list'>, 'unreadable'>

const NO_ITEMS: readonly never[] = []
const PAGE_ITEMS = 50

export interface ListOptions extends ReadOptions {
  /** Only items of this period before now. It moves on while the page is open */
  readonly lastMs?: number | undefined
  /** Of the path */
  readonly params?: Readonly<Record<string, string>>
}

const MOVE_MS = 60_000

/** @returns the query for a period that ends now */
export function sinceLast(lastMs: number | undefined): { readonly since?: string } {
  return lastMs === undefined ? {} : { since: new Date(Date.now() - lastMs).toISOString() }
}

/** Reads a list page by page; filters go into `query`. */
export function useList<N extends ListName>(
  name: N,
  query: Readonly<Record<string, string | number | undefined>> = {},
  { enabled = true, lastMs, params }: ListOptions = {},
): PagedList<ItemOf<N>> {
  const sent = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
  const result = useInfiniteQuery({
    queryKey: [
      ...[name.split('.')[0], name, 'list', sent],
      ...(lastMs === undefined ? [] : [lastMs]),
      ...(params === undefined ? [] : [params]),
    ],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam }
      const query = { limit: PAGE_ITEMS, ...sent, ...sinceLast(lastMs), ...cursor }
      const call = { query, ...(params === undefined ? {} : { params }) } as unknown as CallTo<N>
      const { body } = await adminApi.call(name, call, { signal })
      return body as unknown as PageOf<N>
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
    ...(lastMs === undefined ? {} : { refetchInterval: repeatEvery(MOVE_MS) }),
  })
  const pages = result.data?.pages
  return {
    items: pages === undefined ? NO_ITEMS : flattenOnce(pages),
    query: result,
    hasMore: result.hasNextPage,
    unreadable: (pages?.[0] as MayMiss | undefined)?.unreadable,
    showMore: () => void result.fetchNextPage(),
    readOn: () => void result.fetchNextPage({ cancelRefetch: false }),
  }
}

export interface CompleteList<T> extends PagedList<T> {
  readonly isComplete: boolean
  /** Further pages are on their way */
  readonly isReading: boolean
}

/** Pages that load automatically; few users scroll further. */
const MAX_PAGES = 25

/** Reads a list to its end, for statements about all of it. */
export function useCompleteList<N extends ListName>(
  name: N,
  query: Readonly<Record<string, string | number | undefined>> = {},
  options: ListOptions = {},
): CompleteList<ItemOf<N>> {
  const list = useList(name, { limit: MAX_PAGE, ...query }, options)
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = list.query as UseInfiniteQueryResult<
    InfiniteData<unknown>
  >
  const pages = data?.pages.length ?? 0
  const hasWanted = hasNextPage && !isError && pages < MAX_PAGES
  const fetchesMore = hasWanted && !isFetching
  useEffect(() => {
    // Several parts of a page may read the same list.
    if (fetchesMore) void fetchNextPage({ cancelRefetch: false })
  }, [fetchesMore, fetchNextPage])
  return {
    ...list,
    isComplete: pages > 0 && !hasNextPage && !list.query.isPlaceholderData,
    isReading: list.query.isLoading || hasWanted,
  }
}

/** Pages without a wanted item that are read before the user asks for more: a page of reach costs a second in a large directory. */
const MAX_READ_ON = 10

/**
 * Reads further pages of a list while `wanted`, since pages may be short, or without any item that is shown.
 *
 * @returns whether it goes on
 */
export function useReadOn(list: Omit<PagedList<unknown>, 'items'>, wanted: boolean): boolean {
  const { hasMore, readOn } = list
  const query = list.query as UseInfiniteQueryResult<InfiniteData<unknown>>
  const pages = query.data?.pages.length ?? 0
  const goesOn = wanted && hasMore && !query.isError && pages < MAX_READ_ON
  const fetchesMore = goesOn && !query.isFetching
  useEffect(() => {
    if (fetchesMore) readOn()
  })
  return goesOn
}

/** Shows a list that was read to its end page by page, since each row takes time to render. */
export function useFirstItems<T>(list: PagedList<T>): PagedList<T> {
  const [shown, setShown] = useState(PAGE_ITEMS)
  const { items, hasMore } = list
  const first = useMemo(() => items.slice(0, shown), [items, shown])
  return {
    ...list,
    items: first,
    hasMore: hasMore || shown < items.length,
    showMore() {
      setShown(shown + PAGE_ITEMS)
      if (hasMore && shown + PAGE_ITEMS > items.length) list.showMore()
    },
  }
}

/** The same array for the same pages, since a table renders every row again for a new array. */
const flattened = new WeakMap<readonly object[], readonly unknown[]>()
function flattenOnce<T>(pages: readonly { readonly items: readonly T[] }[]): readonly T[] {
  const known = flattened.get(pages) ?? pages.flatMap(({ items }) => items)
  flattened.set(pages, known)
  return known as readonly T[]
}
