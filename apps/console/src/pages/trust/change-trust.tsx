// Revokes or restores trust in an issuer: replaces the list of issuers as it was read, so that no other
// else's change is lost.
import { useChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { AuthorizationServer, TrustedIssuer } from './authorization-server.ts'

interface ChangeTrustProps {
  readonly server: AuthorizationServer
  readonly trusted: TrustedIssuer
  readonly opened: boolean
  readonly close: () => void
}

export function ChangeTrust({ server, trusted, opened, close }: ChangeTrustProps) {
  const query = useApi('authorization-servers.read', { params: { id: server.id } }, { enabled: opened })
  const change = useChange('authorization-servers.change')
  const { issuer, active } = trusted
  return (
    <ReasonDialog
      opened={opened && query.data !== undefined}
      close={close}
      danger={active}
      title={text(active ? 'issuers.distrustTitle' : 'issuers.trustTitle', { issuer })}
      confirmLabel={text(active ? 'issuers.distrustNow' : 'issuers.trustAgain')}
      confirm={async (reason) => {
        if (query.data === undefined) return
        const trustedIssuers = query.data.body.trustedIssuers.map((one) =>
          one.issuer === issuer ? { ...one, active: !active } : one,
        )
        await change.mutateAsync({
          params: { id: server.id },
          ifMatch: query.data.etag ?? '',
          body: { trustedIssuers },
          reason,
        })
        showDone({ message: text(active ? 'issuers.distrusted' : 'issuers.trustedAgain', { issuer }) })
      }}
    >
      <p>{text(active ? 'issuers.distrustHelp' : 'issuers.trustHelp', { server: server.id })}</p>
    </ReasonDialog>
  )
}
