// Selects one or several objects by name, stored by id. With many objects, the server searches.
import { MultiSelect, type OptionsFilter, Select } from '@mantine/core'
import { type KeyboardEventHandler, type Ref, useState } from 'react'

import { text } from '../../texts/text.ts'
import { type AnyItem, type Choice, type Selectable, useChoices, useNamed } from './use-choices.ts'

interface FieldProps {
  readonly of: Selectable
  readonly label: string
  readonly description?: string | undefined
  readonly size?: 'sm'
  readonly className?: string
  /** Shows ids next to names, for names that may not be unique */
  readonly withIds?: boolean
}

interface ObjectSelectProps extends FieldProps {
  readonly value: string | undefined
  readonly change: (id: string | undefined) => void
  readonly clearable?: boolean
  readonly placeholder?: string
  readonly ref?: Ref<HTMLInputElement>
  readonly onKeyDown?: KeyboardEventHandler<HTMLInputElement>
}

export function ObjectSelect({ of, value, change, withIds = false, ...field }: ObjectSelectProps) {
  const [typed, setTyped] = useState('')
  const { items } = useChoices(of, typed)
  const chosen = value === undefined || value === '' ? [] : [idOf(items, value)]
  const { data, filter, nothing, isReady } = useData({ of, typed, chosen, withIds })
  return (
    <Select<string>
      {...field}
      // Options that arrive after the last keystroke can still be selected.
      selectFirstOptionOnChange={isReady}
      data={data}
      filter={filter}
      value={chosen[0] ?? null}
      onChange={(id) => change(id ?? undefined)}
      // The field holds the name of the chosen object, not typed text.
      onSearchChange={(next) => setTyped(data.some(({ label }) => label === next) ? '' : next)}
      nothingFoundMessage={nothing}
      searchable
    />
  )
}

interface ObjectMultiSelectProps extends FieldProps {
  readonly value: readonly string[]
  readonly change: (ids: string[]) => void
}

export function ObjectMultiSelect({ of, value, change, withIds = false, ...field }: ObjectMultiSelectProps) {
  const [typed, setTyped] = useState('')
  const { data, filter, nothing, isReady } = useData({ of, typed, chosen: value, withIds })
  return (
    <MultiSelect<string>
      {...field}
      selectFirstOptionOnChange={isReady && typed !== ''}
      data={data}
      filter={filter}
      value={[...value]}
      onChange={change}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={nothing}
      searchable
      hidePickedOptions
    />
  )
}

type FilterInput = Parameters<OptionsFilter<string>>[0]

interface DataRequest {
  readonly of: Selectable
  readonly typed: string
  readonly chosen: readonly string[]
  readonly withIds: boolean
}

function useData({ of, typed, chosen, withIds }: DataRequest) {
  const { items, isWhole, isReady, error } = useChoices(of, typed)
  const choices = useNamed(items).map(({ value, label }) => ({
    value,
    label: withIds ? `${label} (${value})` : label,
  }))
  const offered = new Set(choices.map(({ value }) => value))
  const [names] = useState(() => new Map<string, string>())
  for (const { value, label } of choices) names.set(value, label)
  // Selected objects keep their name while another search runs.
  const kept = chosen
    .filter((value) => !offered.has(value))
    .map((value): Choice => ({ value, label: names.get(value) ?? value }))
  return {
    data: [...choices, ...kept],
    filter: ({ options, search }: FilterInput) =>
      options.filter(
        (option) =>
          'value' in option &&
          (isWhole ? fits(`${option.label} ${option.value}`, search) : offered.has(option.value)),
      ),
    nothing: text(error === null ? 'choice.nothing' : 'choice.notAsked'),
    isReady,
  }
}

function fits(words: string, typed: string): boolean {
  return words.toLowerCase().includes(typed.trim().toLowerCase())
}

/** Links and URLs may name users by username. */
function idOf(items: readonly AnyItem[], named: string): string {
  return items.find(({ username }) => username === named)?.id ?? named
}
