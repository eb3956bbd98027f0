// Dialogs that mute and unmute a recommendation.
import { Checkbox, NativeSelect } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { confirmWithReason, confirmWithForm } from '../../components/confirm.ts'
import { inDays } from '../../components/local-moment.ts'
import { text } from '../../texts/text.ts'

const SPANS = ['7', '30', '90', '365'] as const

export function confirmMute(id: string): void {
  confirmWithForm({ days: '30', falseAlarm: false }, ({ days, falseAlarm }, set) => ({
    title: text('recommendations.mute'),
    confirmLabel: text('recommendations.mute'),
    done: text('recommendations.mutedOne'),
    children: (
      <>
        <NativeSelect
          label={text('word.for')}
          data={SPANS.map((value) => ({ value, label: text('time.days', { n: value }) }))}
          value={days}
          onChange={({ currentTarget }) => set({ days: currentTarget.value })}
        />
        <Checkbox
          label={text('recommendations.falseAlarm')}
          description={text('recommendations.falseAlarmHelp')}
          checked={falseAlarm}
          onChange={({ currentTarget }) => set({ falseAlarm: currentTarget.checked })}
        />
      </>
    ),
    confirm: (reason) =>
      sendChange('recommendations.mute', {
        params: { id },
        body: { until: inDays(Number(days)), falseAlarm, reason },
      }),
  }))
}

export function confirmUnmute(id: string): void {
  confirmWithReason({
    title: text('recommendations.unmute'),
    confirmLabel: text('recommendations.unmute'),
    done: text('recommendations.openAgain'),
    confirm: (reason) => sendChange('recommendations.unmute', { params: { id }, body: { reason } }),
  })
}
