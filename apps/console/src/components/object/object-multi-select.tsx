// Selects several objects by name, stored by ID. With many objects, the server searches. Typed text is chosen when the user leaves the field,
// if it names one object, and stays with an error otherwise.
import { MultiSelect, type OptionsFilter } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'

import { useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { filterNamed, findExactMatch, type Named } from './match-object.ts'
import { OptionText } from './option-text.tsx'
import { nameById, type Selectable, useChoices, useNamed } from './use-choices.ts'

interface ObjectMultiSelectProps {
  readonly of: Selectable
  readonly label: string
  readonly description?: string | undefined
  readonly value: readonly string[]
  readonly change: (ids: string[]) => void
}

export function ObjectMultiSelect({ of, value, change, ...field }: ObjectMultiSelectProps) {
  const [typed, setTyped] = useState('')
  const [hasLeft, setLeft] = useState(false)
  /** The library clears the text when the field loses focus, right after it says so. */
  const isLeaving = useRef(false)
  const { items, isComplete, isReady, error } = useChoices(of, typed)
  const names = useNames()
  const offered = useNamed(items)
  // Selected objects keep their name while another search runs.
  const kept = value.filter((id) => !offered.some(({ item }) => item.id === id))
  const meant = findExactMatch(isComplete ? filterNamed(offered, typed) : offered, typed)
  const isFinal = hasLeft && isReady && typed.trim() !== ''
  // Runs again when options arrive after the user has left.
  useEffect(() => {
    if (!isFinal || meant === undefined) return
    setTyped('')
    if (!value.includes(meant.item.id)) change([...value, meant.item.id])
  })
  function type(next: string): void {
    if (!isLeaving.current) setTyped(next)
    setLeft(isLeaving.current)
    isLeaving.current = false
  }
  const filter: OptionsFilter<string> = ({ search }) =>
    (isComplete ? filterNamed(offered, search) : offered).map(toOption)
  return (
    <MultiSelect<string>
      {...field}
      selectFirstOptionOnChange={isReady && typed !== ''}
      data={[...offered.map(toOption), ...kept.map((id) => ({ value: id, label: nameById(names, of, id) }))]}
      filter={filter}
      renderOption={({ option }) => {
        const named = offered.find(({ item }) => item.id === option.value)
        return named === undefined ? option.label : <OptionText {...named} />
      }}
      value={[...value]}
      onChange={change}
      searchValue={typed}
      onSearchChange={type}
      onBlur={() => (isLeaving.current = true)}
      error={isFinal && meant === undefined ? text('choice.unknown') : undefined}
      nothingFoundMessage={text(error === null ? 'choice.nothing' : 'choice.unreachable')}
      searchable
      hidePickedOptions
    />
  )
}

function toOption({ item, label }: Named) {
  return { value: item.id, label }
}
