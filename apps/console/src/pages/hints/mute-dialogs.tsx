// What is asked before a hint is muted or open again.
import { Checkbox, NativeSelect } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'

interface MuteDialogProps {
  /** Of the hint */
  readonly id: string
  readonly opened: boolean
  readonly close: () => void
}

const SPANS = ['7', '30', '90', '365'] as const

export function MuteDialog({ id, opened, close }: MuteDialogProps) {
  const mute = useChange('hints.mute')
  const [days, setDays] = useState<string>('30')
  const [falseAlarm, setFalseAlarm] = useState(false)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('hints.muteTitle')}
      confirmLabel={text('hints.mute')}
      confirm={async (reason = '') => {
        const until = new Date(Date.now() + Number(days) * 86_400_000).toISOString()
        await mute.mutateAsync({ params: { id }, body: { until, falseAlarm, reason } })
        showDone({ message: text('hints.mutedOne') })
      }}
    >
      <NativeSelect
        label={text('hints.muteFor')}
        data={SPANS.map((value) => ({ value, label: text('time.days', { n: value }) }))}
        value={days}
        onChange={({ currentTarget }) => setDays(currentTarget.value)}
      />
      <Checkbox
        my="sm"
        label={text('hints.falseAlarm')}
        description={text('hints.falseAlarmHelp')}
        checked={falseAlarm}
        onChange={({ currentTarget }) => setFalseAlarm(currentTarget.checked)}
      />
    </ReasonDialog>
  )
}

export function UnmuteDialog({ id, opened, close }: MuteDialogProps) {
  const unmute = useChange('hints.unmute')
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('hints.unmuteTitle')}
      confirmLabel={text('hints.unmute')}
      confirm={async (reason = '') => {
        await unmute.mutateAsync({ params: { id }, body: { reason } })
        showDone({ message: text('hints.openAgain') })
      }}
    />
  )
}
