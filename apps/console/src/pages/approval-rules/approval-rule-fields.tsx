// The form of an approval rule: what it matches, and what follows.
import { NativeSelect, Stack } from '@mantine/core'
import type { InputOf } from '@crosswalk/admin-api'

import { choicesOf } from '../../components/choices.ts'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'
import { withMember } from '../../components/with-member.ts'
import '../../texts/en/approval-rules.ts'
import { type TextCode, text } from '../../texts/text.ts'
import { APP_KINDS } from '../apps/app-kinds.ts'

export type RuleDraft = InputOf<'approval-rules'>
type When = RuleDraft['when']
type Ask = NonNullable<RuleDraft['ask']>

export function ApprovalRuleFields({ draft, change }: FormProps<RuleDraft>) {
  return (
    <Stack gap="md">
      <Fields<RuleDraft, RuleDraft>
        fields={FIELDS}
        draft={draft}
        change={(next) => change(withEffect(next))}
      />
      {draft.ask === undefined ? null : (
        <Fields<Ask, Ask> fields={ASK} draft={draft.ask} change={(ask) => change({ ...draft, ask })} />
      )}
      <fieldset className="cw-fieldset">
        <legend>{text('word.conditions')}</legend>
        <Stack gap="sm">
          <Fields<When, When>
            fields={WHEN}
            draft={draft.when}
            change={(when) => change({ ...draft, when })}
          />
        </Stack>
      </fieldset>
    </Stack>
  )
}

/** Only a rule that asks has users. */
function withEffect(rule: RuleDraft): RuleDraft {
  return withMember(rule, 'ask', rule.effect === 'ask' ? (rule.ask ?? { users: [] }) : undefined)
}

/** @returns why it cannot be saved */
export function findMissing({ id, effect, when, ask }: RuleDraft): string | undefined {
  if (id.trim() === '') return text('approvalRules.idMissing')
  if (effect === 'approve')
    return when.maxRisk === undefined || when.maxDays === undefined
      ? text('approvalRules.limitsMissing')
      : undefined
  if (ask === undefined || ask.users.length === 0) return text('approvalRules.usersMissing')
  return (ask.escalateAfterHours === undefined) === (ask.escalateTo === undefined)
    ? undefined
    : text('approvalRules.escalationMissing')
}

const EFFECTS = (['approve', 'ask'] as const).map((value) => ({
  value,
  label: text(`approvalRules.effect.${value}`),
  description: text(`approvalRules.effect.${value}Help`),
}))

const FIELDS: readonly FormField<RuleDraft>[] = [
  {
    kind: 'text',
    name: 'description',
    label: 'word.purpose',
    help: 'approvalRules.descriptionHelp',
    maxLength: 1024,
    optional: true,
  },
  { kind: 'radio', name: 'effect', label: 'approvalRules.effect', choices: EFFECTS },
]

const ASK: readonly FormField<Ask>[] = [
  {
    kind: 'objects',
    of: 'users',
    name: 'users',
    label: 'approvalRules.users',
    help: 'approvalRules.usersHelp',
  },
  {
    kind: 'number',
    name: 'escalateAfterHours',
    label: 'approvalRules.after',
    help: 'approvalRules.afterHelp',
    max: 335,
    optional: true,
  },
  { kind: 'objects', of: 'users', name: 'escalateTo', label: 'approvalRules.to', optional: true },
]

const RISKS = [0, 1, 2, 3].map((risk) => [risk, text(`meaning.risk.${risk as 0 | 1 | 2 | 3}`)] as const)

const WHEN: readonly FormField<When>[] = [
  {
    kind: 'objects',
    of: 'apps',
    name: 'apps',
    label: 'approvalRules.apps',
    help: 'approvalRules.anyHelp',
    optional: true,
  },
  {
    kind: 'objects',
    of: 'resource-apps',
    name: 'resourceApps',
    label: 'approvalRules.resourceApps',
    help: 'approvalRules.anyHelp',
    optional: true,
  },
  {
    kind: 'choice',
    name: 'kind',
    label: 'approvalRules.kind',
    choices: [
      { value: '', label: text('word.any') },
      ...choicesOf(APP_KINDS, (kind) => text(`app.kind.${kind}`)),
    ],
    optional: true,
  },
  createChoice('hasOwner', 'approvalRules.owner', [
    [true, text('approvalRules.owner.true')],
    [false, text('approvalRules.owner.false')],
  ]),
  createChoice('minRisk', 'approvalRules.minRisk', RISKS),
  createChoice('maxRisk', 'approvalRules.maxRisk', RISKS, 'approvalRules.riskHelp'),
  {
    kind: 'number',
    name: 'maxDays',
    label: 'approvalRules.maxDays',
    help: 'approvalRules.maxDaysHelp',
    max: 3650,
    optional: true,
  },
]

/** A choice between values that are not all texts, or none. */
function createChoice<K extends keyof When>(
  name: K,
  label: TextCode,
  values: readonly (readonly [NonNullable<When[K]>, string])[],
  help?: TextCode,
) {
  return function ChoiceField({ draft, change }: FormProps<When>) {
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
          change(withMember(draft, name, chosen?.[0]))
        }}
      />
    )
  }
}
