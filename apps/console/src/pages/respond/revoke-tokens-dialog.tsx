// Asks for a reason to revoke access tokens. Revocation is final; apps can request new tokens.
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { countText, text } from '../../texts/text.ts'

export interface Revoking {
  /** One token by its id and server, or filters */
  readonly which: Readonly<Record<string, string | undefined>>
  /** In words */
  readonly name: string
}

interface RevokeTokensDialogProps {
  readonly taking: Revoking | undefined
  readonly close: () => void
}

export function RevokeTokensDialog({ taking, close }: RevokeTokensDialogProps) {
  const revoke = useChange('access-tokens.revoke')
  return (
    <ReasonDialog
      opened={taking !== undefined}
      close={close}
      danger
      title={text('live.takeBackTitle')}
      confirmLabel={text('live.takeBack')}
      confirm={async (reason) => {
        const { body } = await revoke.mutateAsync({ body: { ...taking?.which, reason: reason ?? '' } })
        showDone({ message: countText('live.takenOne', 'live.taken', body.revokedTokens) })
      }}
    >
      <p>
        <strong>{taking?.name}</strong>
      </p>
      <p>{text('live.takeBackHelp')}</p>
    </ReasonDialog>
  )
}
