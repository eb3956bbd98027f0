// Objects to choose from by name: all of them if there are few, otherwise server search results while typing, so that objects beyond the first
// page can be found.
import { MAX_PAGE } from '@crosswalk/admin-api'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'

import { type Names, useNames } from '../../session/names.ts'
import { type ItemOf, useApi } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'
import type { AnyItem, Named } from './match-object.ts'

export type Selectable = 'users' | 'groups' | 'apps' | 'resource-apps' | 'connections'
type Item<S extends Selectable> = ItemOf<`${S}.list`>

export interface Choices<S extends Selectable> {
  /** All objects, or the search results */
  readonly items: readonly Item<S>[]
  /** The list is complete, so it can be filtered here */
  readonly isComplete: boolean
  /** The items belong to the current input, not to an earlier one */
  readonly isReady: boolean
  readonly error: Error | null
  retry(): void
}

const FOUND = 50
const TYPING_MS = 250

/** @param typed - search text; empty for the first objects */
export function useChoices<S extends Selectable>(of: S, typed: string): Choices<S> {
  const can = useCan()
  const route: `${Selectable}.list` = `${of}.list`
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS)
  const first = useApi(route, { query: { limit: MAX_PAGE } }, { enabled: can(route) })
  const isComplete = first.data !== undefined && first.data.body.next === null
  const found = useApi(
    route,
    { query: { limit: FOUND, q: settled } },
    { enabled: can(route) && first.data !== undefined && !isComplete && settled !== '', keepPrevious: true },
  )
  const shown = isComplete || settled === '' ? first : found
  return {
    items: (shown.data?.body.items ?? NONE) as readonly Item<S>[],
    isComplete,
    isReady: isComplete || (settled === typed.trim() && shown.data !== undefined && !shown.isPlaceholderData),
    error: first.data === undefined ? first.error : shown.error,
    retry: () => void Promise.all([first.refetch(), ...(shown === first ? [] : [shown.refetch()])]),
  }
}

const NONE: readonly never[] = []

/** Objects with the name to show. */
export function useNamed(items: readonly AnyItem[]): readonly Named[] {
  const names = useNames()
  return useMemo(() => items.map((item) => ({ item, label: nameOf(item, names) })), [items, names])
}

function nameOf({ name, username, id, app, resourceApp }: AnyItem, names: Names): string {
  if (app !== undefined && resourceApp !== undefined) return names.appPair({ app, resourceApp })
  return name ?? username ?? id
}

/** @returns the name of an object that was not read, or its ID until it is */
export function nameById(names: Names, of: Selectable, id: string): string {
  const find = NAME_FOR[of]
  return find === undefined ? id : names[find](id)
}

/** Groups are their names. */
const NAME_FOR: { readonly [S in Selectable]?: 'user' | 'app' | 'resourceApp' | 'connection' } = {
  users: 'user',
  apps: 'app',
  'resource-apps': 'resourceApp',
  connections: 'connection',
}
