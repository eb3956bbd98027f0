// The filters of a list: fields that write to the address, the sentence they amount to, and the way back to everything.
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'

import type { FilterState } from '../hooks/use-filters.ts'
import { useShortcut } from '../keyboard/shortcuts.tsx'
import { text } from '../texts/text.ts'
import { ObjectSelect } from './object/object-select.tsx'
import { type Selectable, useChoices, useNamed } from './object/use-choices.ts'

export type FilterField<K extends string> = {
  readonly name: K
  readonly label: string
} & (
  | { readonly kind: 'text' }
  | {
      readonly kind: 'choice'
      readonly choices: readonly { readonly value: string; readonly label: string }[]
      /** What is shown while nothing is chosen; anything unless given */
      readonly otherwise?: string
    }
  | {
      readonly kind: 'object'
      readonly of: Selectable
    }
)

interface FilterBarProps<K extends string> {
  readonly state: FilterState<K>
  /** The first text field gets the focus with `/` */
  readonly fields: readonly FilterField<K>[]
}

export function FilterBar<K extends string>({ state, fields }: FilterBarProps<K>) {
  const first = fields.find(({ kind }) => kind === 'text')
  return (
    <search className="cw-filters">
      {fields.map((field) =>
        field.kind === 'text' ? (
          <TextFilter key={field.name} field={field} state={state} takesSlash={field === first} />
        ) : field.kind === 'object' ? (
          <ObjectFilter key={field.name} field={field} state={state} />
        ) : (
          <NativeSelect
            key={field.name}
            label={field.label}
            size="sm"
            data={[{ value: '', label: field.otherwise ?? text('filter.any') }, ...field.choices]}
            value={state.filters[field.name] ?? ''}
            onChange={({ currentTarget }) => state.set({ [field.name]: currentTarget.value } as never)}
          />
        ),
      )}
      {state.count === 0 ? null : (
        <Button onClick={state.clear} leftSection={<IconFilterOff size={16} aria-hidden="true" />}>
          {text('filter.clear')}
        </Button>
      )}
      <p className="cw-hidden" role="status">
        {state.count === 0 ? '' : text('filter.summary', { filters: describe(state, fields) })}
      </p>
    </search>
  )
}

interface ObjectFilterProps<K extends string> {
  readonly field: Extract<FilterField<K>, { readonly kind: 'object' }>
  readonly state: FilterState<K>
}

/** A list where they are few, and one that the server looks through where they are many. */
function ObjectFilter<K extends string>({ field: { name, label, of }, state }: ObjectFilterProps<K>) {
  const { items, isWhole } = useChoices(of, '')
  const choices = useNamed(items)
  const value = state.filters[name] ?? ''
  const change = (id: string) => state.set({ [name]: id } as never)
  if (!isWhole)
    return (
      <ObjectSelect
        of={of}
        label={label}
        size="sm"
        value={value}
        change={(id) => change(id ?? '')}
        clearable
      />
    )
  return (
    <NativeSelect
      label={label}
      size="sm"
      data={[{ value: '', label: text('filter.any') }, ...choices]}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}

function describe<K extends string>({ filters }: FilterState<K>, fields: readonly FilterField<K>[]): string {
  return fields
    .filter(({ name }) => filters[name] !== undefined)
    .map(({ name, label }) => `${label}: ${filters[name] ?? ''}`)
    .join(', ')
}

interface TextFilterProps<K extends string> {
  readonly field: FilterField<K>
  readonly state: FilterState<K>
  readonly takesSlash: boolean
}

function TextFilter<K extends string>({ field, state, takesSlash }: TextFilterProps<K>) {
  const current = state.filters[field.name] ?? ''
  const [typed, setTyped] = useState(current)
  const input = useRef<HTMLInputElement>(null)
  const apply = useDebouncedCallback(
    (value: string) => state.set({ [field.name]: value.trim() } as never),
    250,
  )
  // The address may change without typing: back, a link, cleared filters.
  useEffect(() => {
    if (document.activeElement !== input.current || current === '') setTyped(current)
  }, [current])
  useShortcut(
    { keys: '/', label: text('table.filter'), group: text('help.group.list') },
    takesSlash ? () => input.current?.focus() : undefined,
  )
  return (
    <TextInput
      ref={input}
      label={field.label}
      size="sm"
      value={typed}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        apply(currentTarget.value)
      }}
      onKeyDown={({ key }) => {
        if (key === 'Enter') apply.flush()
        if (key === 'Escape') input.current?.blur()
      }}
    />
  )
}
