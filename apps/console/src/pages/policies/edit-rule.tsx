// Changes a rule: form and text, what differs, what it would have changed for real requests, and why.
import { EditForm } from '../../components/object/edit-drawer.tsx'
import { TryOut } from './new-policy-page.tsx'
import { ReplayReport } from './replay-report.tsx'
import type { Policy, Rule } from './rule.ts'
import { RuleEditor } from './rule-editor.tsx'

interface EditProps {
  readonly policy: Policy
  readonly etag: string
  readonly close: () => void
  readonly reload: () => void
}

export function EditRule({ policy, ...editing }: EditProps) {
  return (
    <EditForm<Rule>
      {...editing}
      collection="policies"
      object={policy}
      fields={(rule, change) => (
        <>
          <RuleEditor rule={rule} change={change} fixedId={policy.id} />
          <TryOut rule={rule} />
        </>
      )}
      effect={(rule) => <ReplayReport rule={rule} />}
    />
  )
}
