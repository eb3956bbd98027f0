// Opens a review: connections, period of use, due date.
import { NumberInput, Stack, TextInput } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { ObjectMultiSelect } from '../../components/object/object-multi-select.tsx'
import { askWith } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'

const PERIOD_DAYS = 90
const NOTHING = { name: '', apps: [] as string[], periodDays: PERIOD_DAYS, due: '' }

/** @param show - shows the page of the review */
export function askToOpen(show: (id: string) => Promise<void>): void {
  askWith(NOTHING, ({ name, apps, periodDays, due }, set) => ({
    title: text('reviews.open'),
    confirmLabel: text('reviews.open'),
    done: text('reviews.openedOne'),
    children: (
      <Stack gap="sm" mb="sm">
        <TextInput
          label={text('word.name')}
          data-autofocus
          required
          maxLength={256}
          value={name}
          onChange={({ currentTarget: { value } }) => set({ name: value })}
        />
        <ObjectMultiSelect
          of="apps"
          label={`${text('word.requestingApps')} ${text('field.optional')}`}
          description={text('reviews.appsHelp')}
          value={apps}
          change={(chosen) => set({ apps: chosen })}
        />
        <NumberInput
          label={text('reviews.period')}
          min={1}
          max={3650}
          allowDecimal={false}
          value={periodDays}
          onChange={(value) => set({ periodDays: typeof value === 'number' ? value : PERIOD_DAYS })}
        />
        <TextInput
          type="date"
          label={`${text('reviews.dueField')} ${text('field.optional')}`}
          value={due}
          onChange={({ currentTarget: { value } }) => set({ due: value })}
        />
      </Stack>
    ),
    async confirm(reason) {
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
