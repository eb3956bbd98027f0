// Opens a review: connections, period of use, due date.
import { NumberInput, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ObjectMultiSelect } from '../../components/object/object-multi-select.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

const PERIOD_DAYS = 90
const NOTHING = { name: '', apps: [] as string[], periodDays: PERIOD_DAYS, due: '' }

export function OpenReview({ opened, close }: DialogProps) {
  const create = useChange('reviews.create')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(NOTHING)
  const set = (change: Partial<typeof NOTHING>) => setDraft({ ...draft, ...change })
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('reviews.open')}
      confirmLabel={text('reviews.open')}
      confirm={async (reason = '') => {
        const { name, apps, periodDays, due } = draft
        const { body } = await create.mutateAsync({
          body: {
            name: name.trim(),
            periodDays,
            ...(apps.length === 0 ? {} : { apps }),
            ...(due === '' ? {} : { dueAt: endOfDay(due) }),
            reason,
          },
        })
        showDone({ message: text('reviews.openedOne') })
        setDraft(NOTHING)
        await navigate({ to: `/reviews/${encodeURIComponent(body.id)}` })
      }}
    >
      <Stack gap="sm" mb="sm">
        <TextInput
          label={text('word.name')}
          data-autofocus
          required
          maxLength={256}
          value={draft.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <AppsField chosen={draft.apps} change={(apps) => set({ apps })} />
        <NumberInput
          label={text('reviews.period')}
          min={1}
          max={3650}
          allowDecimal={false}
          value={draft.periodDays}
          onChange={(value) => set({ periodDays: typeof value === 'number' ? value : PERIOD_DAYS })}
        />
        <TextInput
          type="date"
          label={`${text('reviews.dueField')} ${text('field.optional')}`}
          value={draft.due}
          onChange={({ currentTarget }) => set({ due: currentTarget.value })}
        />
      </Stack>
    </ReasonDialog>
  )
}

interface AppsFieldProps {
  readonly chosen: string[]
  readonly change: (apps: string[]) => void
}

function AppsField({ chosen, change }: AppsFieldProps) {
  return (
    <ObjectMultiSelect
      of="apps"
      label={`${text('word.requestingApps')} ${text('field.optional')}`}
      description={text('reviews.appsHelp')}
      value={chosen}
      change={change}
    />
  )
}

/** Until the end of the day in the user's time zone. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString()
}
