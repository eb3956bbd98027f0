// Revokes or restores trust in an issuer. Replaces the list with If-Match, so that no concurrent change is lost.
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { type AuthorizationServer, type TrustedIssuer, useServerChange } from './authorization-server.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface ChangeTrustProps extends DialogProps {
  readonly server: AuthorizationServer
  readonly trusted: TrustedIssuer
}

export function ChangeTrust({ server, trusted, opened, close }: ChangeTrustProps) {
  const change = useServerChange(server.id, opened)
  const { issuer, active } = trusted
  return (
    <ReasonDialog
      opened={opened && change !== undefined}
      close={close}
      danger={active}
      title={text(active ? 'issuers.distrustTitle' : 'issuers.trustTitle', { issuer })}
      confirmLabel={text(active ? 'issuers.distrustNow' : 'issuers.trustAgain')}
      confirm={async (reason) => {
        if (change === undefined) return
        const trustedIssuers = change.server.trustedIssuers.map((one) =>
          one.issuer === issuer ? { ...one, active: !active } : one,
        )
        await change.save({ trustedIssuers }, reason)
        showDone({ message: text(active ? 'issuers.distrusted' : 'issuers.trustedAgain', { issuer }) })
      }}
      help={text(active ? 'issuers.distrustHelp' : 'issuers.trustHelp', { server: server.id })}
    />
  )
}
