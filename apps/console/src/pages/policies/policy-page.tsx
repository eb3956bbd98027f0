// The page of a policy: definition, effect and history; edited as form or text.
import { useState } from 'react'
import { IconCircleDashed, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'

import type { Policy } from '../../api/objects.ts'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { definitionTab } from '../../components/object/definition-tab.tsx'
import type { Rule } from './rule.ts'
import { RuleEffect } from './rule-effect.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'
import { EditForm } from '../../components/object/edit-drawer.tsx'
import { ReplaySection } from './new-policy-page.tsx'
import { ReplayReport } from './replay-report.tsx'
import { PolicyFindings, useFindings } from './policy-findings.tsx'
import { type EditorState, RuleEditor } from './rule-editor.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { confirmPolicyState } from './confirm-policy-state.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './policies.css'

export function Page() {
  const [editing, setEditing] = useState(false)
  return (
    <ObjectPage collection="policies">
      {(policy, read) => (
        <>
          <RuleHeader policy={policy} etag={read.etag} edit={() => setEditing(true)} editing={editing} />
          {editing ? (
            <EditRule policy={policy} {...read} close={() => setEditing(false)} />
          ) : (
            <Tabs policy={policy} />
          )}
        </>
      )}
    </ObjectPage>
  )
}

function Tabs({ policy }: { readonly policy: Policy }) {
  return (
    <PageTabs
      label={text('rule.tabs')}
      tabs={[
        { id: 'effect', label: text('rule.tab.effect'), content: () => <RuleEffect policy={policy} /> },
        definitionTab('policies', policy),
        historyTab('policies', policy),
      ]}
    />
  )
}

interface EditProps {
  readonly policy: Policy
  readonly etag: string
  readonly close: () => void
  readonly reload: () => void
}

/** Edits a policy: form and text, diff, effect on past requests, and reason. */
function EditRule({ policy, ...editing }: EditProps) {
  const [editor, setEditor] = useState<EditorState>({ isUnreadable: false })
  return (
    <EditForm<Rule>
      {...editing}
      collection="policies"
      object={policy}
      missing={() => editor.missing}
      isIncomplete={editor.isUnreadable}
      fields={(rule, change) => (
        <>
          <RuleEditor rule={rule} change={change} report={setEditor} fixedId={policy.id} />
          <ReplaySection rule={rule} />
        </>
      )}
      effect={(rule) => <ReplayReport rule={rule} />}
    />
  )
}

interface HeaderProps {
  readonly policy: Policy
  readonly etag: string
  readonly edit: () => void
  readonly editing: boolean
}

const STATE_ACTIONS = [
  ['enforced', IconPlayerPlay],
  ['report-only', IconCircleDashed],
  ['off', IconPlayerStop],
] as const

/** The header of a policy page, with its actions. Enforcing first shows who would be affected. */
function RuleHeader({ policy, etag, edit, editing }: HeaderProps) {
  const findings = useFindings(policy.id)
  return (
    <ObjectHeader
      collection="policies"
      object={policy}
      etag={etag}
      title={policy.id}
      chip={policy.state}
      lead={
        <>
          <p className="cw-rule-sentence">{policy.sentence}</p>
          {policy.description === undefined ? null : <p>{policy.description}</p>}
          {editing ? null : <PolicyFindings findings={findings} />}
        </>
      }
      edit={edit}
      editing={editing}
      actions={STATE_ACTIONS.filter(([state]) => state !== policy.state).map(([state, Icon]) => ({
        label: text(`rule.turn.${state}`),
        icon: smallIcon(Icon),
        needs: 'policies.change',
        owner: policy.owner,
        run: () => confirmPolicyState(policy, etag, state),
      }))}
    />
  )
}
