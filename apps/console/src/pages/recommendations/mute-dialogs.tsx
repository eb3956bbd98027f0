// Dialogs to mute and reopen a recommendation.
import { Checkbox, NativeSelect } from '@mantine/core'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { inDays } from '../../components/local-moment.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface MuteDialogProps extends DialogProps {
  /** Id of the recommendation */
  readonly id: string
}

const SPANS = ['7', '30', '90', '365'] as const

export function MuteDialog({ id, opened, close }: MuteDialogProps) {
  const [days, setDays] = useState<string>('30')
  const [falseAlarm, setFalseAlarm] = useState(false)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('recommendations.muteTitle')}
      confirmLabel={text('recommendations.mute')}
      confirm={async (reason) => {
        const until = inDays(Number(days))
        await sendChange('recommendations.mute', { params: { id }, body: { until, falseAlarm, reason } })
        showDone({ message: text('recommendations.mutedOne') })
      }}
    >
      <NativeSelect
        label={text('word.for')}
        data={SPANS.map((value) => ({ value, label: text('time.days', { n: value }) }))}
        value={days}
        onChange={({ currentTarget }) => setDays(currentTarget.value)}
      />
      <Checkbox
        my="sm"
        label={text('recommendations.falseAlarm')}
        description={text('recommendations.falseAlarmHelp')}
        checked={falseAlarm}
        onChange={({ currentTarget }) => setFalseAlarm(currentTarget.checked)}
      />
    </ReasonDialog>
  )
}

export function UnmuteDialog({ id, opened, close }: MuteDialogProps) {
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('recommendations.unmuteTitle')}
      confirmLabel={text('recommendations.unmute')}
      done={text('recommendations.openAgain')}
      confirm={(reason) => sendChange('recommendations.unmute', { params: { id }, body: { reason } })}
    />
  )
}
