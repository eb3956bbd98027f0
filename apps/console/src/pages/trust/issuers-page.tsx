// Issuers whose ID-JAGs the local authorization servers accept, with conditions; revokes and restores trust.
import { Link } from '@tanstack/react-router'

import type { AuthorizationServer } from '../../api/objects.ts'
import { OwnerChip, StateChip, Tokens } from '../../components/chips.tsx'
import { Copyable } from '../../components/code-block.tsx'
import { Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useSession } from '../../session/session.tsx'
import { countText, text } from '../../texts/text.ts'
import { changeIssuer, type TrustedIssuer } from './authorization-server.ts'
import { ActionButton } from '../../components/actions.tsx'
import { openIssuerChange, openIssuerDialog } from './issuer-dialog.tsx'
import { CheckToken } from './check-token.tsx'
import { ServerList } from './server-list.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import './trust.css'
import '../../texts/en/code-flow.ts'

export function Page() {
  return (
    <ServerList
      title={text('nav.issuers')}
      lead={text('issuers.lead')}
      show={(server) => <Server key={server.id} server={server} />}
      after={(servers) => <CheckToken servers={servers} />}
    />
  )
}

function Server({ server }: { readonly server: AuthorizationServer }) {
  const { id, owner, trustedIssuers, clients, replay, maxIdJagLifetimeSeconds } = server
  return (
    <Section
      title={text('issuers.server', { id })}
      aside={
        <span className="cw-title-row">
          <OwnerChip owner={owner} />
          <ActionButton
            action={{
              label: text('issuers.add'),
              needs: 'authorization-servers.change',
              owner,
              run: () => openIssuerDialog(server),
            }}
          />
        </span>
      }
    >
      <p className="cw-quiet-text">
        {text(`issuers.replay.${replay}`)} {text('issuers.lifetime', { seconds: maxIdJagLifetimeSeconds })}{' '}
        <Link to="/settings/registrations">
          {countText('issuers.oneClient', 'issuers.clients', clients.length)}
        </Link>
      </p>
      {trustedIssuers.length === 0 ? (
        <EmptyState title={text('issuers.none')}>{text('issuers.noneText')}</EmptyState>
      ) : (
        <div className="cw-trust-list">
          {trustedIssuers.map((trusted) => (
            <Issuer key={`${trusted.issuer} ${trusted.tenant}`} server={server} trusted={trusted} />
          ))}
        </div>
      )}
    </Section>
  )
}

interface IssuerProps {
  readonly server: AuthorizationServer
  readonly trusted: TrustedIssuer
}

function Issuer({ server, trusted }: IssuerProps) {
  const { issuer: own } = useSession()
  const { issuer, active, algorithms, tenant, subject, emailDomains, provisioning, securityEvents } = trusted
  const grants = trusted.requireIdJag === true ? 'idJag' : 'both'
  const globalRevocation = trusted.globalTokenRevocation === true ? 'on' : 'off'
  return (
    <article className="cw-card">
      <div className="cw-row">
        <span className="cw-title-row">
          <Copyable what={text('word.issuer')} value={issuer} />
          <StateChip
            state={active ? 'active' : 'inactive'}
            label={text(active ? 'issuers.trusted' : 'issuers.notTrusted')}
          />
          {issuer === own ? <StateChip state="current" label={text('issuers.own')} /> : null}
        </span>
        <div className="cw-actions">
          <ActionButton
            action={{
              label: text('issuers.change'),
              needs: 'authorization-servers.change',
              owner: server.owner,
              run: () => openIssuerChange(server, trusted),
            }}
          />
          <ActionButton
            action={{
              label: text(active ? 'issuers.distrust' : 'issuers.trustAgain'),
              ...(active ? { button: { color: 'red' } } : {}),
              needs: 'authorization-servers.change',
              owner: server.owner,
              run: () => confirmChangeTrust(server, trusted),
            }}
          />
        </div>
      </div>
      <Facts
        facts={[
          [text('issuers.keys'), describeKeys(trusted)],
          [text('issuers.algorithms'), <Tokens items={algorithms} />],
          [text('issuers.tenant'), tenant ?? text('conditions.any')],
          [text('issuers.subject'), <Tokens items={subject} />],
          [text('issuers.emailDomains'), <Tokens items={emailDomains} empty={text('word.none')} />],
          [text('codeFlow.grants'), text(`codeFlow.grants.${grants}`)],
          [text('issuers.provisioning'), text(`issuers.provisioning.${provisioning}`)],
          [
            text('issuers.events'),
            text(securityEvents === undefined ? 'issuers.noEvents' : 'issuers.takesEvents'),
          ],
          [text('issuers.globalRevocation'), text(`issuers.globalRevocation.${globalRevocation}`)],
        ]}
      />
    </article>
  )
}

function describeKeys({ jwksUri, jwks }: TrustedIssuer): string {
  if (jwks !== undefined) return countText('issuers.oneKeyHere', 'issuers.keysHere', jwks.keys.length)
  return jwksUri ?? text('issuers.keysDiscovered')
}

/** Revokes or restores trust in an issuer. */
function confirmChangeTrust({ id }: AuthorizationServer, trusted: TrustedIssuer): void {
  const { issuer, active } = trusted
  confirmWithReason({
    danger: active,
    title: text(active ? 'issuers.distrustTitle' : 'issuers.trustTitle', { issuer }),
    confirmLabel: text(active ? 'issuers.distrust' : 'issuers.trustAgain'),
    help: text(active ? 'issuers.distrustHelp' : 'issuers.trustHelp', { server: id }),
    done: text(active ? 'issuers.distrusted' : 'issuers.trustedAgain', { issuer }),
    confirm: (reason) => changeIssuer(id, trusted, (now) => ({ ...now, active: !active }), reason),
  })
}
