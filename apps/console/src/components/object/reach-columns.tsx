// Columns of lists of reach: what is granted, and through which assignment.
import { StateChip, Tokens } from '../chips.tsx'
import type { AnswerTo } from '../../api/client.ts'
import { text } from '../../texts/text.ts'
import type { Column } from '../data-table.tsx'
import { describeVia } from './describe-via.ts'

export type Reach = AnswerTo<'reach.what'>['items'][number]

export const grantedColumns: readonly Column<Reach>[] = [
  { id: 'scopes', header: text('word.scopes'), cell: (reach) => <ReachScopes reach={reach} /> },
  {
    id: 'via',
    header: text('word.through'),
    cell: ({ via }) => (via === undefined ? '' : describeVia(via)),
  },
]

/** Those that are available directly, and those that need a stronger sign-in. */
function ReachScopes({ reach: { scopes, afterStepUp } }: { readonly reach: Reach }) {
  return (
    <span className="cw-tokens">
      <Tokens items={scopes} empty="–" />
      {afterStepUp.map((step) => (
        <StateChip
          key={step.scopes.join(' ')}
          state="step_up"
          label={text('user.afterStepUp', { scopes: step.scopes.join(' ') })}
        />
      ))}
    </span>
  )
}
