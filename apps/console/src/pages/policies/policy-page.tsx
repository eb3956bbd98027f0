// One rule: what it says, whom it meets, how it was before; changed as form or as text.
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'

import { useApi } from '../../api/queries.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { renderYaml } from '../../components/render-yaml.ts'
import { Loaded } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { EditRule } from './edit-rule.tsx'
import type { Policy } from './rule.ts'
import { RuleEffect } from './rule-effect.tsx'
import { RuleHeader } from './rule-header.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
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
  return <CodeBlock label={text('rule.text')} code={renderYaml(pickDefinition('policies', policy))} />
}
