// Sets the position of a stream per log: backwards to replay events, forwards to skip some. Undo restores the previous positions.
import { NumberInput, Stack } from '@mantine/core'
import type { AuditStreamView } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { formatNumber, text } from '../../texts/text.ts'

interface ReplayDialogProps {
  readonly stream: AuditStreamView | undefined
  readonly close: () => void
}

export function ReplayDialog({ stream, close }: ReplayDialogProps) {
  return stream === undefined ? null : <Replay key={stream.id} stream={stream} close={close} />
}

function Replay({ stream, close }: { readonly stream: AuditStreamView; readonly close: () => void }) {
  const replay = useChange('audit-streams.replay')
  const { id, positions } = stream
  const [after, setAfter] = useState<Readonly<Record<string, number>>>(positions)
  return (
    <ReasonDialog
      opened
      close={close}
      title={text('streams.replayTitle', { id })}
      confirmLabel={text('streams.replay')}
      confirm={async (reason = '') => {
        const changed = Object.fromEntries(
          Object.entries(after).filter(([log, seq]) => seq !== positions[log]),
        )
        await replay.mutateAsync({ params: { id }, body: { after: changed, reason } })
        showDone({
          message: text('streams.replayed', { id }),
          undo: () => {
            const before = Object.fromEntries(Object.keys(changed).map((log) => [log, positions[log] ?? 0]))
            const body = { after: before, reason: text('streams.undoReason') }
            return replay.mutateAsync({ params: { id }, body })
          },
        })
      }}
    >
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
            onChange={(value) => setAfter({ ...after, [log]: typeof value === 'number' ? value : seq })}
          />
        ))}
      </Stack>
    </ReasonDialog>
  )
}
