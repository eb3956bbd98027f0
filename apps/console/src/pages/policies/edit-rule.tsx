// Changes a rule: form and text, what differs, what it would have changed for real requests, and why.
import { Button } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { kindOf } from '../../api/problem.ts'
import { ChangeList, findDifferences } from '../../components/change-list.tsx'
import { ChangeProblem } from '../../components/change-problem.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
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

export function EditRule({ policy, etag, close, reload }: EditProps) {
  // As it was when editing began: what others change meanwhile must not be overwritten unseen.
  const [opened, setOpened] = useState({ policy, etag })
  const [rule, setRule] = useState<Rule>(() => pickDefinition('policies', policy))
  const [saving, setSaving] = useState(false)
  const [stale, setStale] = useState<unknown>(undefined)
  const replace = useChange('policies.replace')
  const differences = findDifferences(pickDefinition('policies', opened.policy), rule)
  async function save(reason: string | undefined): Promise<void> {
    try {
      await replace.mutateAsync({
        params: { id: policy.id },
        ifMatch: opened.etag,
        body: rule as never,
        reason,
      })
    } catch (error) {
      if (kindOf(error) !== 'stale') throw error
      setStale(error)
      return
    }
    showDone({ message: text('edit.saved') })
    close()
  }
  return (
    <>
      {stale === undefined ? null : (
        <ChangeProblem
          error={stale}
          reload={() => {
            reload()
            setOpened({ policy, etag })
            setRule(pickDefinition('policies', policy))
            setStale(undefined)
          }}
        />
      )}
      <RuleEditor rule={rule} change={setRule} fixedId={policy.id} />
      <TryOut rule={rule} />
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.discard')}</Button>
        <Button variant="filled" disabled={differences.length === 0} onClick={() => setSaving(true)}>
          {text('form.review')}
        </Button>
      </div>
      <ReasonDialog
        opened={saving}
        close={() => setSaving(false)}
        title={text('form.changes')}
        confirmLabel={text('form.save')}
        confirm={save}
      >
        <ChangeList differences={differences} />
        <ReplayReport rule={rule} />
      </ReasonDialog>
    </>
  )
}
