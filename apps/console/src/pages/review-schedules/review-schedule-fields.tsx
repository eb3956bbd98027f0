// The form of a review schedule: which connections, how often, and what happens when a review is due.
import { Stack } from '@mantine/core'
import type { InputOf } from '@crosswalk/admin-api'
import type { ReviewedConnections } from '@crosswalk/protocol'

import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'
import '../../texts/en/review-schedules.ts'
import { text } from '../../texts/text.ts'
import { REVIEWED_CONNECTIONS } from '../approval-rules/access-conditions.tsx'
import { PERIOD_FIELD, WHEN_DUE_FIELD } from '../reviews/review-fields.ts'

export type ScheduleDraft = InputOf<'review-schedules'>

export function ReviewScheduleFields({ draft, change }: FormProps<ScheduleDraft>) {
  return (
    <Stack gap="md">
      <Fields<ScheduleDraft, ScheduleDraft> fields={FIELDS} draft={draft} change={change} />
      <fieldset className="cw-fieldset">
        <legend>{text('schedules.connections')}</legend>
        <Stack gap="sm">
          <Fields<ReviewedConnections, ScheduleDraft>
            fields={REVIEWED_CONNECTIONS}
            draft={draft}
            change={change}
          />
        </Stack>
      </fieldset>
    </Stack>
  )
}

/** @returns why it cannot be saved */
export function findMissing(draft: Partial<ScheduleDraft>): string | undefined {
  const { id = '', name = '', firstAt = '', everyDays = 0, daysToDecide = 0 } = draft
  if (id.trim() === '') return text('schedules.idMissing')
  if (name.trim() === '') return text('schedules.nameMissing')
  if (firstAt === '') return text('schedules.firstMissing')
  const isPossible = everyDays >= 7 && everyDays <= 1098 && daysToDecide >= 1 && daysToDecide < everyDays
  return isPossible ? undefined : text('schedules.daysWrong')
}

const FIELDS: readonly FormField<ScheduleDraft>[] = [
  {
    kind: 'text',
    name: 'name',
    label: 'word.name',
    help: 'schedules.nameHelp',
    required: true,
    maxLength: 256,
  },
  {
    kind: 'text',
    name: 'description',
    label: 'word.purpose',
    help: 'schedules.descriptionHelp',
    maxLength: 1024,
    optional: true,
  },
  { kind: 'moment', name: 'firstAt', label: 'schedules.first', help: 'schedules.firstHelp' },
  { kind: 'number', name: 'everyDays', label: 'schedules.every', help: 'schedules.everyHelp', max: 1098 },
  {
    kind: 'number',
    name: 'daysToDecide',
    label: 'schedules.daysToDecide',
    help: 'schedules.daysToDecideHelp',
    max: 1097,
  },
  WHEN_DUE_FIELD,
  PERIOD_FIELD,
]
