// Suspends the chosen connections, one after the other, and offers to resume exactly those.
import { showDone } from '../../components/toasts.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { useChange } from '../../api/changes.ts'
import { countText, text } from '../../texts/text.ts'

interface SuspendManyProps {
  readonly ids: readonly string[]
  readonly opened: boolean
  readonly close: () => void
  readonly done: () => void
}

export function SuspendMany({ ids, opened, close, done }: SuspendManyProps) {
  const suspend = useChange('connections.suspend')
  const resume = useChange('connections.resume')
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={countText('connection.suspendOne', 'connection.suspendMany', ids.length)}
      confirmLabel={text('connection.suspend')}
      confirm={async (reason) => {
        for (const id of ids) await suspend.mutateAsync({ params: { id }, body: {}, reason })
        done()
        showDone({
          message: countText('connection.suspendedOne', 'connection.suspendedMany', ids.length),
          undo: async () => {
            for (const id of ids)
              await resume.mutateAsync({ params: { id }, body: {}, reason: text('connection.undoReason') })
          },
        })
      }}
    >
      <p>{text('connection.suspendHelp')}</p>
    </ReasonDialog>
  )
}
