// The page of an approval rule: its sentence, definition and history; edited in a drawer.
import { Stack } from '@mantine/core'

import type { ApprovalRule } from '../../api/objects.ts'
import { definitionTab } from '../../components/object/definition-tab.tsx'
import { ObjectHeader } from '../../components/object/object-header.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import '../../texts/en/approval-rules.ts'
import { text } from '../../texts/text.ts'
import { ApprovalRuleFields, findMissing, type RuleDraft } from './approval-rule-fields.tsx'

export function Page() {
  return (
    <ObjectPage collection="approval-rules">
      {(rule, { etag, reload }) => (
        <>
          <ObjectHeader<RuleDraft>
            collection="approval-rules"
            object={rule}
            etag={etag}
            title={rule.id}
            lead={<Lead rule={rule} />}
            form={{
              reload,
              missing: findMissing,
              fields: (draft, change) => (
                <Stack gap="lg" className="cw-form">
                  <ApprovalRuleFields draft={draft} change={change} />
                </Stack>
              ),
            }}
          />
          <PageTabs
            label={text('approvalRules.tabs')}
            tabs={[definitionTab('approval-rules', rule), historyTab('approval-rules', rule)]}
          />
        </>
      )}
    </ObjectPage>
  )
}

function Lead({ rule: { sentence, description, effect } }: { readonly rule: ApprovalRule }) {
  return (
    <>
      <p className="cw-rule-sentence">{sentence}</p>
      {description === undefined ? null : <p>{description}</p>}
      {effect === 'approve' ? <p>{text('approvalRules.independent')}</p> : null}
    </>
  )
}
