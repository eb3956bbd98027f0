// The users and groups of an assignment, as defined.
import { text } from '../../texts/text.ts'
import { Facts } from '../facts.tsx'
import type { Assignments } from './assignment-fields.tsx'
import { ObjectLinks } from './names.tsx'

interface AssignmentFactsProps {
  readonly assignments: Assignments
  readonly everyoneHelp: string
}

export function AssignmentFacts({ assignments, everyoneHelp }: AssignmentFactsProps) {
  const { everyone, users, groups } = assignments
  if (!everyone && users.length + groups.length === 0) return <p>{text('object.noUsers')}</p>
  return (
    <div className="cw-card">
      <Facts
        facts={[
          everyone ? [text('assignments.everyone'), everyoneHelp] : null,
          [text('word.groups'), <ObjectLinks kind="group" ids={groups} />],
          [text('word.users'), <ObjectLinks kind="user" ids={users} />],
        ]}
      />
    </div>
  )
}
