// What is asked before a legal hold over audit events is placed or released.
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'

interface HoldDialogsProps {
  readonly open: 'hold' | 'release' | undefined
  readonly close: () => void
}

export function HoldDialogs({ open, close }: HoldDialogsProps) {
  const hold = useChange('audit-retention.hold')
  const release = useChange('audit-retention.release')
  return (
    <>
      <ReasonDialog
        opened={open === 'hold'}
        close={close}
        title={text('retention.placeTitle')}
        confirmLabel={text('retention.placeTitle')}
        confirm={async (reason = '') => {
          await hold.mutateAsync({ body: { reason } })
          showDone({ message: text('retention.placed') })
        }}
      >
        <p>{text('retention.placeHelp')}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === 'release'}
        close={close}
        danger
        title={text('retention.releaseTitle')}
        confirmLabel={text('retention.releaseTitle')}
        confirm={async (reason = '') => {
          await release.mutateAsync({ body: { reason } })
          showDone({ message: text('retention.released') })
        }}
      >
        <p>{text('retention.releaseHelp')}</p>
      </ReasonDialog>
    </>
  )
}
