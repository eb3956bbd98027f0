// Sets the position of a stream per log: backwards to replay events, forwards to skip some. Undo restores the previous positions.
import { NumberInput, Stack } from '@mantine/core'
import type { AuditStreamView } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { showDone } from '../../components/toasts.tsx'
import { formatNumber, text } from '../../texts/text.ts'

export function askToReplay({ id, positions }: AuditStreamView): void {
  const replay = (after: AuditStreamView['positions'], reason: string) =>
    sendChange('audit-streams.replay', { params: { id }, body: { after, reason } })
  askWith({ ...positions }, (after, set) => ({
    title: text('streams.replayTitle', { id }),
    confirmLabel: text('streams.replay'),
    children: (
      <>
        <p>{text('streams.replayHelp')}</p>
        <Stack gap="sm" mb="sm">
          {Object.entries(positions).map(([log, seq]) => (
            <NumberInput
              key={log}
              label={text('streams.after', { log })}
              description={text('streams.nowAt', { seq: formatNumber(seq) })}
              min={0}
              allowDecimal={false}
              value={after[log] ?? seq}
              onChange={(value) => set({ [log]: typeof value === 'number' ? value : seq })}
            />
          ))}
        </Stack>
      </>
    ),
    async confirm(reason) {
      const changed = Object.entries(after).filter(([log, seq]) => seq !== positions[log])
      await replay(Object.fromEntries(changed), reason)
      const before = Object.fromEntries(changed.map(([log]) => [log, positions[log] ?? 0]))
      showDone({
        message: text('streams.replayed', { id }),
        undo: () => replay(before, text('streams.undoReason')),
      })
    },
  }))
}
