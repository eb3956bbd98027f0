// The page of a policy: definition, effect and history; edited as form or text.
import { useState } from 'react'

import './policies.css'
import { CodeBlock } from '../../components/code-block.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import type { Policy, Rule } from './rule.ts'
import { RuleEffect } from './rule-effect.tsx'
import { RuleHeader } from './rule-header.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'
import { EditForm } from '../../components/object/edit-drawer.tsx'
import { TryOut } from './new-policy-page.tsx'
import { ReplayReport } from './replay-report.tsx'
import { RuleEditor } from './rule-editor.tsx'

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
        { id: 'text', label: text('rule.tab.text'), content: () => <TextTab policy={policy} /> },
        {
          id: 'history',
          label: text('connection.tab.history'),
          content: () => <ObjectHistory collection="policies" object={policy} />,
        },
      ]}
    />
  )
}

function TextTab({ policy }: { readonly policy: Policy }) {
  return <CodeBlock label={text('word.yaml')} code={renderYaml(pickDefinition('policies', policy))} />
}

interface EditProps {
  readonly policy: Policy
  readonly etag: string
  readonly close: () => void
  readonly reload: () => void
}

/** Edits a policy: form and text, diff, effect on past requests, and reason. */
function EditRule({ policy, ...editing }: EditProps) {
  const [missing, setMissing] = useState<string | undefined>(undefined)
  return (
    <EditForm<Rule>
      {...editing}
      collection="policies"
      object={policy}
      missing={missing}
      fields={(rule, change) => (
        <>
          <RuleEditor rule={rule} change={change} report={setMissing} fixedId={policy.id} />
          <TryOut rule={rule} />
        </>
      )}
      effect={(rule) => <ReplayReport rule={rule} />}
    />
  )
}
