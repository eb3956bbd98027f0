// Selects several objects by name, stored by ID. With many objects, the server searches.
import { MultiSelect, type OptionsFilter } from '@mantine/core'
import { useState } from 'react'

import { useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { filterNamed, type Named } from './match-object.ts'
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
  const { items, isComplete, isReady, error } = useChoices(of, typed)
  const names = useNames()
  const offered = useNamed(items)
  // Selected objects keep their name while another search runs.
  const kept = value.filter((id) => !offered.some(({ item }) => item.id === id))
  const filter: OptionsFilter<string> = ({ search }) =>
    (isComplete ? filterNamed(offered, search) : offered).map(toOption)
  return (
    <MultiSelect<string>
      {...field}
      selectFirstOptionOnChange={isReady && typed !== ''}
      data={[...offered.map(toOption), ...kept.map((id) => ({ value: id, label: nameById(names, of, id) }))]}
      filter={filter}
      value={[...value]}
      onChange={change}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={text(error === null ? 'choice.nothing' : 'choice.notAsked')}
      searchable
      hidePickedOptions
    />
  )
}

function toOption({ item, label }: Named) {
  return { value: item.id, label }
}
