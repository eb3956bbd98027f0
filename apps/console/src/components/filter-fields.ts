// Filters shared by lists.
import { text } from '../texts/text.ts'
import { choicesOf } from './choices.ts'
import type { FilterField } from './filter-bar.tsx'

export const SEARCH_FILTER = { name: 'q', label: text('word.search'), kind: 'text' } as const

export const USER_FILTER = objectFilter('user', text('word.user'), 'users')
export const APP_FILTER = objectFilter('app', text('word.requestingApp'), 'apps')
export const RESOURCE_APP_FILTER = objectFilter('resourceApp', text('word.resourceApp'), 'resource-apps')
export const CONNECTION_FILTER = objectFilter('connection', text('word.connection'), 'connections')

export const CODE_FILTER = {
  name: 'code',
  label: text('decisions.code'),
  kind: 'text',
  parse: parseCode,
  problem: text('filter.codeProblem'),
} as const

/** A code or its first digits. The letters are optional, and alone they are no filter yet. */
export function parseCode(typed: string): string | undefined {
  if (/^x?a{0,2}$/i.test(typed)) return ''
  const [, digits] = /^(?:xaa)?(\d{1,4})$/i.exec(typed) ?? []
  return digits === undefined ? undefined : `XAA${digits}`
}

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

type ObjectFilter<K extends string> = Extract<FilterField<K>, { readonly kind: 'object' }>

function objectFilter<K extends string>(name: K, label: string, of: ObjectFilter<K>['of']): ObjectFilter<K> {
  return { name, label, kind: 'object', of }
}
