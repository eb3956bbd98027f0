// Fields for conditions on access that approval rules and reviews share.
import { NativeSelect } from '@mantine/core'
import type { AccessConditions, ReviewedConnections } from '@crosswalk/protocol'

import { choicesOf } from '../../components/choices.ts'
import type { FormField, FormProps } from '../../components/form-fields.tsx'
import { withMember } from '../../components/with-member.ts'
import '../../texts/en/access-conditions.ts'
import { type TextCode, text } from '../../texts/text.ts'
import { APP_KINDS } from '../apps/app-kinds.ts'

export const RISKS = [0, 1, 2, 3].map(
  (risk) => [risk, text(`meaning.risk.${risk as 0 | 1 | 2 | 3}`)] as const,
)

export const ENDS_AND_KIND: readonly FormField<AccessConditions>[] = [
  {
    kind: 'objects',
    of: 'apps',
    name: 'apps',
    label: 'conditions.apps',
    help: 'conditions.anyHelp',
    optional: true,
  },
  {
    kind: 'objects',
    of: 'resource-apps',
    name: 'resourceApps',
    label: 'conditions.resourceApps',
    help: 'conditions.anyHelp',
    optional: true,
  },
  {
    kind: 'choice',
    name: 'kind',
    label: 'conditions.kind',
    choices: [
      { value: '', label: text('word.any') },
      ...choicesOf(APP_KINDS, (kind) => text(`app.kind.${kind}`)),
    ],
    optional: true,
  },
]

export const REVIEWED_CONNECTIONS: readonly FormField<ReviewedConnections>[] = [
  ...ENDS_AND_KIND,
  createChoice<ReviewedConnections, 'minRisk'>('minRisk', 'conditions.minRisk', RISKS, 'conditions.riskHelp'),
  {
    kind: 'number',
    name: 'unusedForDays',
    label: 'conditions.unusedForDays',
    help: 'conditions.unusedHelp',
    min: 1,
    max: 3650,
    optional: true,
  },
]

/** A choice between values that are not all texts, or none. */
export function createChoice<T extends object, K extends keyof T>(
  name: K,
  label: TextCode,
  values: readonly (readonly [NonNullable<T[K]>, string])[],
  help?: TextCode,
) {
  return function ChoiceField({ draft, change }: FormProps<T>) {
    return (
      <NativeSelect
        label={text(label)}
        description={help && text(help)}
        data={[
          { value: '', label: text('word.any') },
          ...values.map(([value, shown]) => ({ value: String(value), label: shown })),
        ]}
        value={String(draft[name] ?? '')}
        onChange={({ currentTarget }) => {
          const chosen = values.find(([value]) => String(value) === currentTarget.value)
          change(withMember(draft, name, chosen?.[0] as T[K]))
        }}
      />
    )
  }
}
