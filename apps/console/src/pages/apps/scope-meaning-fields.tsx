// Fields for the meaning of each scope, and whether it requires approval.
import { Fieldset, NativeSelect, Stack } from '@mantine/core'

import type { ResourceApp } from '../../api/objects.ts'
import { text } from '../../texts/text.ts'
import './apps.css'
import { withMember } from '../../components/with-member.ts'
import { choicesOf } from '../../components/choices.ts'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'

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
    <Fieldset variant="unstyled" className="cw-fieldset" legend={text('meaning.title')}>
      {scopes.map((scope) => (
        <details key={scope} className="cw-check-group">
          <summary>
            {scope}
            <span className="cw-quiet-text">
              {meanings[scope]?.needsApproval === true ? text('meaning.needsApproval') : ''}
            </span>
          </summary>
          <Stack gap="sm" p="sm">
            <Fields
              fields={FIELDS}
              draft={meanings[scope] ?? NOTHING}
              change={(entry) => change({ ...meanings, [scope]: entry })}
            />
          </Stack>
        </details>
      ))}
    </Fieldset>
  )
}

const FIELDS: readonly FormField<Entry>[] = [
  {
    kind: 'text',
    name: 'description',
    label: 'meaning.description',
    help: 'meaning.descriptionHelp',
    maxLength: 512,
    optional: true,
  },
  RiskField,
  { kind: 'tags', name: 'tools', label: 'meaning.tools', help: 'meaning.toolsHelp' },
  {
    kind: 'switch',
    name: 'needsApproval',
    label: 'meaning.needsApproval',
    help: 'meaning.needsApprovalHelp',
  },
]

function RiskField({ draft, change }: FormProps<Entry>) {
  return (
    <NativeSelect
      label={text('meaning.risk')}
      data={[
        { value: '', label: text('meaning.risk.unsaid') },
        ...choicesOf(['0', '1', '2', '3'], (risk) => text(`meaning.risk.${risk}`)),
      ]}
      value={String(draft.risk ?? '')}
      onChange={({ currentTarget: { value } }) =>
        change(withMember(draft, 'risk', value === '' ? undefined : Number(value)))
      }
    />
  )
}
