// Who is meant: groups, people, or everybody.
import { MultiSelect, Switch } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useApi } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'

export type Assignments = AnswerTo<'connections.read'>['assignments']

interface AssignmentFieldsProps {
  readonly assignments: Assignments
  readonly change: (assignments: Assignments) => void
  /** What `everybody` amounts to */
  readonly everyoneHelp: string
}

export function AssignmentFields({ assignments, change, everyoneHelp }: AssignmentFieldsProps) {
  const can = useCan()
  const groups = useApi('groups.list', { query: { limit: 200 } }, { enabled: can('groups.list') })
  return (
    <>
      <MultiSelect
        label={text('edit.groups')}
        data={mergeChoices(
          groups.data?.body.items.map(({ id, name }) => ({ value: id, label: name ?? id })),
          assignments.groups,
        )}
        value={assignments.groups}
        onChange={(chosen) => change({ ...assignments, groups: chosen })}
        searchable
        hidePickedOptions
      />
      <PeopleSelect
        label={text('edit.users')}
        value={assignments.users}
        change={(users) => change({ ...assignments, users })}
      />
      <Switch
        label={text('people.everyone')}
        description={everyoneHelp}
        checked={assignments.everyone}
        onChange={({ currentTarget }) => change({ ...assignments, everyone: currentTarget.checked })}
      />
    </>
  )
}

interface PeopleSelectProps {
  readonly label: string
  readonly description?: string
  readonly value: string[]
  readonly change: (ids: string[]) => void
}

/** People by name; kept by id. */
export function PeopleSelect({ label, description, value, change }: PeopleSelectProps) {
  const can = useCan()
  const users = useApi('users.list', { query: { limit: 200 } }, { enabled: can('users.list') })
  return (
    <MultiSelect
      label={label}
      description={description}
      data={mergeChoices(
        users.data?.body.items.map(({ id, name, username }) => ({ value: id, label: name ?? username })),
        value,
      )}
      value={value}
      onChange={change}
      searchable
      hidePickedOptions
    />
  )
}

interface Choice {
  readonly value: string
  readonly label: string
}

/** What is chosen can be shown although it is not among the first 200. */
function mergeChoices(known: readonly Choice[] | undefined, chosen: readonly string[]): Choice[] {
  const choices = [...(known ?? [])]
  for (const value of chosen)
    if (!choices.some((one) => one.value === value)) choices.push({ value, label: value })
  return choices
}
