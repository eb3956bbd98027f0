// Who is meant by an assignment, as it is written down.
import { Link } from '@tanstack/react-router'

import { text } from '../../texts/text.ts'
import { Token } from '../chips.tsx'
import { Facts } from '../facts.tsx'
import type { Assignments } from './assignment-fields.tsx'

interface AssignmentFactsProps {
  readonly assignments: Assignments
  readonly everyoneHelp: string
}

export function AssignmentFacts({ assignments, everyoneHelp }: AssignmentFactsProps) {
  const { everyone, users, groups } = assignments
  if (!everyone && users.length + groups.length === 0) return <p>{text('object.nobody')}</p>
  return (
    <div className="cw-card">
      <Facts
        facts={[
          everyone ? [text('assignments.everyone'), everyoneHelp] : null,
          [text('assignments.groups'), <Links key="groups" ids={groups} to="/groups" />],
          [text('assignments.users'), <Links key="users" ids={users} to="/users" />],
        ]}
      />
    </div>
  )
}

function Links({ ids, to }: { readonly ids: readonly string[]; readonly to: string }) {
  if (ids.length === 0) return text('value.none')
  return (
    <span className="cw-tokens">
      {ids.map((id) => (
        <Link key={id} to={`${to}/${encodeURIComponent(id)}`}>
          <Token>{id}</Token>
        </Link>
      ))}
    </span>
  )
}
