// Fields for the meaning of each scope, and whether it requires approval.
import { Fieldset, NativeSelect, Stack, Switch, TagsInput, TextInput } from '@mantine/core'

import { text } from '../../texts/text.ts'
import './apps.css'
import type { ResourceApp } from './resource-apps-page.tsx'
import { withMember } from '../../components/with-member.ts'
import { choicesOf } from '../../components/choices.ts'

type Meanings = NonNullable<ResourceApp['scopeMeanings']>
type Entry = Meanings[string]

const NOTHING: Entry = { tools: [], needsApproval: false }
interface ScopeMeaningFieldsProps {
  readonly scopes: readonly string[]
  readonly meanings: Meanings | undefined
  readonly change: (meanings: Meanings) => void
}

export function ScopeMeaningFields({ scopes, meanings = {}, change }: ScopeMeaningFieldsProps) {
  if (scopes.length === 0) return null
  return (
    <Fieldset variant="unstyled" className="cw-apps-fieldset" legend={text('meaning.title')}>
      {scopes.map((scope) => (
        <details key={scope} className="cw-check-group">
          <summary>
            {scope}
            <span className="cw-quiet-text">
              {meanings[scope]?.needsApproval === true ? text('meaning.needsApproval') : ''}
            </span>
          </summary>
          <MeaningFields
            entry={meanings[scope] ?? NOTHING}
            change={(entry) => change({ ...meanings, [scope]: entry })}
          />
        </details>
      ))}
    </Fieldset>
  )
}

function MeaningFields({
  entry,
  change,
}: {
  readonly entry: Entry
  readonly change: (entry: Entry) => void
}) {
  return (
    <Stack gap="sm" p="sm">
      <TextInput
        label={text('meaning.description')}
        description={text('meaning.descriptionHelp')}
        maxLength={512}
        value={entry.description ?? ''}
        onChange={({ currentTarget }) => change(withMember(entry, 'description', currentTarget.value))}
      />
      <NativeSelect
        label={text('meaning.risk')}
        data={[
          { value: '', label: text('meaning.risk.unsaid') },
          ...choicesOf(['0', '1', '2', '3'], (risk) => text(`meaning.risk.${risk}`)),
        ]}
        value={String(entry.risk ?? '')}
        onChange={({ currentTarget: { value } }) =>
          change(withMember(entry, 'risk', value === '' ? undefined : Number(value)))
        }
      />
      <TagsInput
        label={text('meaning.tools')}
        description={text('meaning.toolsHelp')}
        value={entry.tools}
        onChange={(tools) => change({ ...entry, tools })}
      />
      <Switch
        label={text('meaning.needsApproval')}
        description={text('meaning.needsApprovalHelp')}
        checked={entry.needsApproval}
        onChange={({ currentTarget }) => change({ ...entry, needsApproval: currentTarget.checked })}
      />
    </Stack>
  )
}
