// The filters of a list: fields that update the URL, a summary sentence, and a button to clear them.
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useDebouncedCallback } from '@mantine/hooks'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'

import type { FilterState } from '../hooks/use-filters.ts'
import type { Choice } from './choices.ts'
import { useShortcut } from '../keyboard/shortcuts.tsx'
import { useCan } from '../session/session.tsx'
import { text } from '../texts/text.ts'
import { ObjectSelect } from './object/object-select.tsx'
import { type Selectable, useChoices, useNamed } from './object/use-choices.ts'
import { SavedViews } from './saved-views.tsx'
import { smallIcon } from './small-icon.tsx'

export type FilterField<K extends string> = {
  readonly name: K
  readonly label: string
} & (
  | {
      readonly kind: 'text'
      /** @returns the value to filter by, empty for none; undefined if the input cannot become one */
      readonly parse?: (typed: string) => string | undefined
      /** Shown if there is no value */
      readonly problem?: string
    }
  | {
      readonly kind: 'choice'
      readonly choices: readonly { readonly value: string; readonly label: string }[]
      /** Placeholder without a selection */
      readonly otherwise?: string
    }
  | {
      readonly kind: 'object'
      readonly of: Selectable
    }
)

interface FilterBarProps<K extends string> {
  readonly state: FilterState<K>
  /** `/` focuses the first text field */
  readonly fields: readonly FilterField<K>[]
  /** The first text field has autofocus */
  readonly focus?: boolean
}

export function FilterBar<K extends string>({ state, fields, focus = false }: FilterBarProps<K>) {
  const can = useCan()
  // A user who may not see the list enters an ID.
  const isText = (field: FilterField<K>) =>
    field.kind === 'text' || (field.kind === 'object' && !can(`${field.of}.list`))
  const first = fields.find((field) => isText(field) || isSearched(field))
  const summary = describeFilters(state.filters, fields)
  return (
    <search className="cw-filters">
      {fields.map((field) => {
        const shared = { state, takesSlash: field === first }
        if (isText(field))
          return <TextFilter key={field.name} {...shared} field={field} focus={focus && field === first} />
        return field.kind === 'object' ? (
          <ObjectFilter key={field.name} {...shared} field={field} />
        ) : (
          <ChoiceFilter key={field.name} field={field as ChoiceField<K>} state={state} />
        )
      })}
      {state.count === 0 ? null : (
        <Button onClick={state.clear} leftSection={smallIcon(IconFilterOff)}>
          {text('filter.clear')}
        </Button>
      )}
      <SavedViews state={state} summary={summary} />
      <p className="cw-hidden" role="status">
        {state.count === 0 ? '' : text('filter.summary', { filters: summary })}
      </p>
    </search>
  )
}

/** There may be many users, so search by name. */
function isSearched(field: FilterField<string>): boolean {
  return field.kind === 'object' && field.of === 'users'
}

type ChoiceField<K extends string> = Extract<FilterField<K>, { readonly kind: 'choice' }>

interface ChoiceFilterProps<K extends string> {
  readonly field: ChoiceField<K>
  readonly state: FilterState<K>
}

function ChoiceFilter<K extends string>({ field, state }: ChoiceFilterProps<K>) {
  const value = state.filters[field.name] ?? ''
  return (
    <NativeSelect
      label={field.label}
      size="sm"
      data={[...listOptions(field.choices, value, field.otherwise)]}
      value={value}
      onChange={({ currentTarget }) => state.setOne(field.name, currentTarget.value)}
    />
  )
}

/** A link may filter by something else, such as by two of the choices or by an object that was deleted. */
function listOptions(
  choices: readonly Choice[],
  value: string,
  otherwise = text('word.any'),
): readonly Choice[] {
  const options = [{ value: '', label: otherwise }, ...choices]
  return options.some((option) => option.value === value) ? options : [...options, { value, label: value }]
}

interface ObjectFilterProps<K extends string> {
  readonly field: Extract<FilterField<K>, { readonly kind: 'object' }>
  readonly state: FilterState<K>
  readonly takesSlash: boolean
}

/** A select for few options, a server-side search for many. */
function ObjectFilter<K extends string>({ field, state, takesSlash }: ObjectFilterProps<K>) {
  const { name, label, of } = field
  const input = useRef<HTMLInputElement>(null)
  useSlash(takesSlash, input)
  const { items, isComplete } = useChoices(of, '')
  const choices = useNamed(items).map(({ item, label: name }) => ({ value: item.id, label: name }))
  const value = state.filters[name] ?? ''
  const change = (id: string) => state.setOne(name, id)
  if (!isComplete || isSearched(field))
    return (
      <ObjectSelect
        ref={input}
        of={of}
        label={label}
        size="sm"
        value={value}
        change={(id) => change(id ?? '')}
        placeholder={text('word.any')}
        onKeyDown={leaveOnEscape}
      />
    )
  return (
    <NativeSelect
      label={label}
      size="sm"
      data={[...listOptions(choices, value)]}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}

/** In words, where a field has words for the value. */
export function describeFilters(
  filters: Readonly<Record<string, string | undefined>>,
  fields: readonly FilterField<string>[],
): string {
  const words = Object.entries(filters).map(([name, value]) => {
    const field = fields.find((one) => one.name === name)
    const choices = field?.kind === 'choice' ? field.choices : []
    const chosen = choices.find((choice) => choice.value === value)
    return `${field?.label ?? name}: ${chosen?.label ?? String(value)}`
  })
  return words.join(', ')
}

/** Moves the focus to the rows, for keyboard navigation. */
function leaveOnEscape({ key, currentTarget }: KeyboardEvent<HTMLInputElement>): void {
  if (key === 'Escape') currentTarget.blur()
}

function useSlash(takesSlash: boolean, input: RefObject<HTMLInputElement | null>): void {
  useShortcut(
    { keys: '/', label: text('table.filter'), group: text('help.group.list') },
    takesSlash ? () => input.current?.focus() : undefined,
  )
}

interface TextFilterProps<K extends string> {
  readonly field: FilterField<K>
  readonly state: FilterState<K>
  readonly takesSlash: boolean
  readonly focus: boolean
}

function TextFilter<K extends string>({ field, state, takesSlash, focus }: TextFilterProps<K>) {
  const current = state.filters[field.name] ?? ''
  const [typed, setTyped] = useState(current)
  const input = useRef<HTMLInputElement>(null)
  const applied = useRef(current)
  const { parse = identity, problem } = field.kind === 'text' ? field : {}
  const apply = useDebouncedCallback((value: string | undefined) => {
    if (value === undefined) return
    applied.current = value
    state.setOne(field.name, value)
  }, 250)
  // The URL may change without typing, by the back button, a link or cleared filters.
  useEffect(() => {
    if (current === applied.current) return
    applied.current = current
    setTyped(current)
  }, [current])
  useSlash(takesSlash, input)
  return (
    <TextInput
      ref={input}
      autoFocus={focus}
      label={field.label}
      size="sm"
      value={typed}
      leftSection={smallIcon(IconSearch)}
      error={parse(typed.trim()) === undefined ? problem : undefined}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        apply(parse(currentTarget.value.trim()))
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply.flush()
        leaveOnEscape(event)
      }}
    />
  )
}

function identity(typed: string): string {
  return typed
}
