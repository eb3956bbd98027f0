// Changes a policy's state to enforced, report-only or off, after showing the effect.
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import { ReplayReport } from './replay-report.tsx'
import type { Policy } from './rule.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface StateDialogProps extends DialogProps {
  readonly policy: Policy
  readonly etag: string
  readonly to: Policy['state']
}

export function StateDialog({ policy, etag, to, opened, close }: StateDialogProps) {
  const change = useChange('policies.change')
  const { id, state } = policy
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('rule.turnTitle', { id, state: text(`chip.${to}`) })}
      confirmLabel={text(`rule.turn.${to}`)}
      confirm={async (reason) => {
        const done = await change.mutateAsync({
          params: { id },
          ifMatch: etag,
          body: { state: to },
          reason,
        })
        showDone({
          message: text('rule.turned', { id, state: text(`chip.${to}`) }),
          undo: () =>
            change.mutateAsync({
              params: { id },
              ifMatch: done.etag ?? '',
              body: { state },
              reason: text('connection.undoReason'),
            }),
        })
      }}
    >
      <ReplayReport rule={{ ...pickDefinition('policies', policy), state: to }} />
    </ReasonDialog>
  )
}
