// Filters are in the URL, so that a list survives links, reloads and the back button.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

export type Filters<K extends string> = { readonly [N in K]?: string }

export interface FilterState<K extends string> {
  readonly filters: Filters<K>
  /** How many are set */
  readonly count: number
  /** An empty string or undefined removes a filter. */
  set(change: { readonly [N in K]?: string | undefined }): void
  setOne(name: K, value: string): void
  /** Sets these, and removes all others */
  replace(filters: Filters<K>): void
  clear(): void
}

/** @param names - query parameters that are filters of this page; declare them outside the component */
export function useFilters<const K extends string>(names: readonly K[]): FilterState<K> {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>
  const navigate = useNavigate()
  const filters = useMemo(() => {
    const set = names.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]] as const]))
    return Object.fromEntries(set) as Filters<K>
  }, [search, names])
  const change = useCallback(
    (next: Readonly<Record<string, string | undefined>>) =>
      void navigate({
        to: '.',
        replace: true,
        search: (previous: Record<string, unknown>) => ({ ...previous, ...next }),
      }),
    [navigate],
  )
  const replace = (next: Filters<K>) =>
    change({ ...Object.fromEntries(names.map((name) => [name, undefined])), ...next })
  return {
    filters,
    count: Object.keys(filters).length,
    set: change,
    setOne: (name, value) => change({ [name]: value }),
    replace,
    clear: () => replace({}),
  }
}
