// The contents of a verified invitation, with its sender first, since only a human can judge that.
import type { OpenedInvitation } from '@crosswalk/admin-api'
import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

import { Facts } from '../../../components/facts.tsx'
import { Section } from '../../../components/page-header.tsx'
import { RelativeTime } from '../../../components/time.tsx'
import { text } from '../../../texts/text.ts'

export function InvitationFacts({ opened }: { readonly opened: OpenedInvitation }) {
  const { invitation, madeBy, expiresAt, notes } = opened
  const { app, resourceApp, authorizationServer, contact } = invitation
  return (
    <Section title={text('word.invitation')}>
      <p className="cw-quiet-text">{text('invitation.checkIssuer')}</p>
      <div className="cw-card">
        <Facts
          facts={[
            [text('invitation.madeBy'), <code>{madeBy}</code>],
            [text('invitation.connects'), `${app.name} → ${resourceApp.name}`],
            [text('word.clientID'), <code>{app.clientId}</code>],
            [
              text('invitation.resources'),
              <ul className="cw-plain-list">
                {authorizationServer.resources.map(({ id, scopes }) => (
                  <li key={id}>
                    <code>{id}</code> {scopes.join(', ')}
                  </li>
                ))}
              </ul>,
            ],
            contact === undefined ? null : [text('word.contact'), contact],
            [text('invitation.until'), <RelativeTime moment={expiresAt} />],
          ]}
        />
      </div>
      {notes.length === 0 ? null : (
        <Alert
          mt="md"
          color="yellow"
          variant="light"
          title={text('invitation.notes')}
          icon={<IconAlertTriangle size={20} aria-hidden="true" />}
        >
          <ul className="cw-plain-list">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Alert>
      )}
    </Section>
  )
}
