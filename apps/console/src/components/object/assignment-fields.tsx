// Fields for an assignment: groups, users, or everyone.
import { Switch } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'

import { text } from '../../texts/text.ts'
import { ObjectMultiSelect } from './object-multi-select.tsx'

export type Assignments = AnswerTo<'connections.read'>['assignments']

interface AssignmentFieldsProps {
  readonly assignments: Assignments
  readonly change: (assignments: Assignments) => void
  readonly everyoneHelp: string
}

export function AssignmentFields({ assignments, change, everyoneHelp }: AssignmentFieldsProps) {
  return (
    <>
      <ObjectMultiSelect
        of="groups"
        label={text('word.groups')}
        value={assignments.groups}
        change={(groups) => change({ ...assignments, groups })}
      />
      <ObjectMultiSelect
        of="users"
        label={text('word.users')}
        value={assignments.users}
        change={(users) => change({ ...assignments, users })}
      />
      <Switch
        label={text('assignments.everyone')}
        description={everyoneHelp}
        checked={assignments.everyone}
        onChange={({ currentTarget }) => change({ ...assignments, everyone: currentTarget.checked })}
      />
    </>
  )
}
