// Dialogs to place and release a legal hold over audit events.
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
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
        done={text('retention.placed')}
        confirm={(reason = '') => hold.mutateAsync({ body: { reason } })}
        help={text('retention.placeHelp')}
      />
      <ReasonDialog
        opened={open === 'release'}
        close={close}
        danger
        title={text('retention.releaseTitle')}
        confirmLabel={text('retention.releaseTitle')}
        done={text('retention.released')}
        confirm={(reason = '') => release.mutateAsync({ body: { reason } })}
        help={text('retention.releaseHelp')}
      />
    </>
  )
}
