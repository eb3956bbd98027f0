// Opens a review: connections, period of use, due date.
import { Stack, TextInput } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'

const PERIOD_DAYS = 90
const NOTHING = { name: '', apps: [] as string[], periodDays: PERIOD_DAYS, due: '' }

const FIELDS: readonly FormField<typeof NOTHING>[] = [
  { kind: 'text', name: 'name', label: 'word.name', required: true, maxLength: 256, autofocus: true },
  {
    kind: 'objects',
    of: 'apps',
    name: 'apps',
    label: 'word.requestingApps',
    help: 'reviews.appsHelp',
    mayBeEmpty: true,
  },
  { kind: 'number', name: 'periodDays', label: 'reviews.period', min: 1, max: 3650 },
]

/** @param show - shows the page of the review */
export function askToOpen(show: (id: string) => Promise<void>): void {
  askWith(NOTHING, (draft, set) => ({
    title: text('reviews.open'),
    confirmLabel: text('reviews.open'),
    done: text('reviews.openedOne'),
    children: (
      <Stack gap="sm" mb="sm">
        <Fields fields={FIELDS} draft={draft} change={set} />
        <TextInput
          type="date"
          label={`${text('reviews.dueField')} ${text('field.optional')}`}
          value={draft.due}
          onChange={({ currentTarget: { value } }) => set({ due: value })}
        />
      </Stack>
    ),
    async confirm(reason) {
      const { name, apps, periodDays = PERIOD_DAYS, due } = draft
      const { body } = await sendChange('reviews.create', {
        body: {
          name: name.trim(),
          periodDays,
          ...(apps.length === 0 ? {} : { apps }),
          ...(due === '' ? {} : { dueAt: endOfDay(due) }),
          reason,
        },
      })
      await show(body.id)
    },
  }))
}

/** Until the end of the day in the user's time zone. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString()
}
