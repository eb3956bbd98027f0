// One rule: what it says, whom it meets, how it was before; changed as form or as text.
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { Loaded } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../connections/definition.ts'
import { EditRule } from './edit-rule.tsx'
import { ReplayReport } from './replay-report.tsx'
import type { Policy, Rule } from './rule.ts'
import { RuleHeader } from './rule-header.tsx'
import { RuleHistory } from './rule-history.tsx'
import './policies.css'

export function Page() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const query = useApi('policies.read', { params: { id } })
  const [editing, setEditing] = useState(false)
  return (
    <Loaded query={query}>
      {({ body, etag }) => (
        <>
          <RuleHeader policy={body} etag={etag ?? ''} edit={() => setEditing(true)} editing={editing} />
          {editing ? (
            <EditRule
              policy={body}
              etag={etag ?? ''}
              close={() => setEditing(false)}
              reload={() => void query.refetch()}
            />
          ) : (
            <Tabs policy={body} />
          )}
        </>
      )}
    </Loaded>
  )
}

function Tabs({ policy }: { readonly policy: Policy }) {
  return (
    <PageTabs
      label={text('rule.tabs')}
      tabs={[
        { id: 'effect', label: text('rule.tab.effect'), content: () => <EffectTab policy={policy} /> },
        { id: 'text', label: text('rule.tab.text'), content: () => <TextTab policy={policy} /> },
        {
          id: 'history',
          label: text('connection.tab.history'),
          content: () => <RuleHistory policy={policy} />,
        },
      ]}
    />
  )
}

/** What the rule does is what would be different without it; what it would do, what would be different with it. */
function EffectTab({ policy }: { readonly policy: Policy }) {
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

function TextTab({ policy }: { readonly policy: Policy }) {
  return <CodeBlock label={text('rule.text')} code={renderYaml(pickDefinition('policies', policy))} />
}
