// The form of an approval rule: what it matches, and what follows.
import { Stack } from '@mantine/core'
import type { InputOf } from '@crosswalk/admin-api'

import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'
import { withMember } from '../../components/with-member.ts'
import '../../texts/en/approval-rules.ts'
import { text } from '../../texts/text.ts'
import { createChoice, ENDS_AND_KIND, RISKS } from './access-conditions.tsx'

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

const WHEN: readonly FormField<When>[] = [
  ...ENDS_AND_KIND,
  createChoice<When, 'hasOwner'>('hasOwner', 'approvalRules.owner', [
    [true, text('approvalRules.owner.true')],
    [false, text('approvalRules.owner.false')],
  ]),
  createChoice<When, 'minRisk'>('minRisk', 'conditions.minRisk', RISKS),
  createChoice<When, 'maxRisk'>('maxRisk', 'conditions.maxRisk', RISKS, 'conditions.riskHelp'),
  {
    kind: 'number',
    name: 'maxDays',
    label: 'approvalRules.maxDays',
    help: 'approvalRules.maxDaysHelp',
    max: 3650,
    optional: true,
  },
]
