// Filters shared by lists.
import { text } from '../texts/text.ts'
import { choicesOf } from './choices.ts'
import type { FilterField } from './filter-bar.tsx'

export const SEARCH_FILTER = { name: 'q', label: text('word.search'), kind: 'text' } as const

export const OWNER_FILTER = choiceFilter(
  'owner',
  text('connections.definedIn'),
  ['file', 'database'],
  (owner) => text(owner === 'file' ? 'connections.inFile' : 'connections.inDatabase'),
)

export function choiceFilter<K extends string, const V extends string>(
  name: K,
  label: string,
  values: readonly V[],
  nameOf: (value: V) => string,
): Extract<FilterField<K>, { readonly kind: 'choice' }> {
  return { name, label, kind: 'choice', choices: choicesOf(values, nameOf) }
}
