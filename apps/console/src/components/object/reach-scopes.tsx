// The scopes that are available directly, and those that need a stronger sign-in.
import { StateChip, Tokens } from '../chips.tsx'
import type { AnswerTo } from '../../api/client.ts'
import { text } from '../../texts/text.ts'

export type Reach = AnswerTo<'reach.what'>['items'][number]

export function ReachScopes({ reach: { scopes, afterStepUp } }: { readonly reach: Reach }) {
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
