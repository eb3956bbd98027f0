// Objects to choose from by name: all of them if there are few, otherwise server search results while typing, so that objects beyond the first
// page can be found.
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'

import { type Names, useNames } from '../../session/names.ts'
import { type ItemOf, useApi } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'

export type Selectable = 'users' | 'groups' | 'apps' | 'resource-apps' | 'connections'
type Item<S extends Selectable> = ItemOf<`${S}.list`>

export interface Choice {
  readonly value: string
  readonly label: string
}

export interface Choices<S extends Selectable> {
  /** All objects, or the search results */
  readonly items: readonly Item<S>[]
  /** The list is complete, so it can be filtered here */
  readonly isWhole: boolean
  /** The items belong to the current input, not to an earlier one */
  readonly isReady: boolean
  readonly error: Error | null
  retry(): void
}

const FEW = 200
const FOUND = 50
const TYPING_MS = 250

/** @param typed - search text; empty for the first objects */
export function useChoices<S extends Selectable>(of: S, typed: string): Choices<S> {
  const can = useCan()
  const route: `${Selectable}.list` = `${of}.list`
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS)
  const first = useApi(route, { query: { limit: FEW } }, { enabled: can(route) })
  const isWhole = first.data !== undefined && first.data.body.next === null
  const found = useApi(
    route,
    { query: { limit: FOUND, q: settled } },
    { enabled: can(route) && first.data !== undefined && !isWhole && settled !== '', keepPrevious: true },
  )
  const shown = isWhole || settled === '' ? first : found
  return {
    items: (shown.data?.body.items ?? NONE) as readonly Item<S>[],
    isWhole,
    isReady: isWhole || (settled === typed.trim() && shown.data !== undefined && !shown.isPlaceholderData),
    error: first.data === undefined ? first.error : shown.error,
    retry: () => void Promise.all([first.refetch(), ...(shown === first ? [] : [shown.refetch()])]),
  }
}

const NONE: readonly never[] = []

/** The name to show. */
export function useNamed(items: readonly AnyItem[]): readonly Choice[] {
  const names = useNames()
  return useMemo(() => items.map((item) => ({ value: item.id, label: nameOf(item, names) })), [items, names])
}

export interface AnyItem {
  readonly id: string
  readonly name?: string | undefined
  readonly username?: string
  /** Both ends of a connection */
  readonly app?: string
  readonly resourceApp?: string
}

function nameOf({ id, name, username, app, resourceApp }: AnyItem, names: Names): string {
  if (app !== undefined && resourceApp !== undefined) return names.ends({ app, resourceApp })
  return name ?? username ?? id
}
