// The actual or potential effect of a policy on recent decisions.
import type { Policy } from '../../api/objects.ts'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { ReplayReport } from './replay-report.tsx'
import type { Rule } from './rule.ts'

/** The actual effect is the difference without the policy; the potential effect, the difference with it. */
export function RuleEffect({ policy }: { readonly policy: Policy }) {
  const inForce = policy.state === 'enforced'
  const rule: Rule = { ...pickDefinition('policies', policy), state: inForce ? 'off' : 'enforced' }
  return (
    <section className="cw-card">
      <h2>{text(inForce ? 'rule.without' : 'rule.with')}</h2>
      <p className="cw-quiet-text">{text(inForce ? 'rule.withoutHelp' : 'rule.withHelp')}</p>
      <ReplayReport rule={rule} />
    </section>
  )
}
