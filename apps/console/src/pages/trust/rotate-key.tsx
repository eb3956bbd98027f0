// Confirms a key rotation: with overlap, or immediately, which invalidates everything the old key signed.
import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'

export interface Purpose {
  readonly owner: string
  readonly purpose: string
}

interface RotateKeyProps {
  readonly purpose: Purpose | undefined
  /** Display name */
  readonly name: string
  readonly emergency: boolean
  readonly close: () => void
}

export function RotateKey({ purpose, name, emergency, close }: RotateKeyProps) {
  const rotate = useChange('keys.rotate')
  return (
    <ReasonDialog
      opened={purpose !== undefined}
      close={close}
      danger={emergency}
      {...(emergency ? { typeName: purpose?.purpose ?? '' } : {})}
      title={text(emergency ? 'keys.emergencyTitle' : 'keys.rotateTitle', { name })}
      confirmLabel={text(emergency ? 'keys.emergencyNow' : 'keys.rotateNow')}
      confirm={async (reason) => {
        if (purpose === undefined) return
        await rotate.mutateAsync({
          params: { owner: purpose.owner, purpose: purpose.purpose },
          body: { emergency, reason: reason ?? '' },
        })
        showDone({ message: text(emergency ? 'keys.emergencyDone' : 'keys.rotated') })
      }}
      help={text(emergency ? 'keys.emergencyHelp' : 'keys.rotateHelp')}
    />
  )
}
