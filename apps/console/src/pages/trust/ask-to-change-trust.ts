// Revokes or restores trust in an issuer.
import { askReason } from '../../components/ask-reason.ts'
import { text } from '../../texts/text.ts'
import { type AuthorizationServer, changeServer, type TrustedIssuer } from './authorization-server.ts'

export function askToChangeTrust({ id }: AuthorizationServer, { issuer, active }: TrustedIssuer): void {
  askReason({
    danger: active,
    title: text(active ? 'issuers.distrustTitle' : 'issuers.trustTitle', { issuer }),
    confirmLabel: text(active ? 'issuers.distrustNow' : 'issuers.trustAgain'),
    help: text(active ? 'issuers.distrustHelp' : 'issuers.trustHelp', { server: id }),
    done: text(active ? 'issuers.distrusted' : 'issuers.trustedAgain', { issuer }),
    confirm: (reason) =>
      changeServer(
        id,
        ({ trustedIssuers }) => ({
          trustedIssuers: trustedIssuers.map((one) =>
            one.issuer === issuer ? { ...one, active: !active } : one,
          ),
        }),
        reason,
      ),
  })
}
