// Explains where to find a client secret that this server does not have.
import type { CredentialPlace } from '@crosswalk/admin-api'
import { Link } from '@tanstack/react-router'

import { text } from '../../../texts/text.ts'
import type { Parties } from './parties.ts'
import { pathOf } from '../../../components/object/object-path.ts'

interface SecretLocationProps {
  readonly app: Parties['app']
  readonly place: CredentialPlace
  /** Which of the two authorization servers the secret is for */
  readonly at: 'idp' | 'resource'
}

export function SecretLocation({ app, place: { issuer, clientId, hosted }, at }: SecretLocationProps) {
  if (!hosted) return text('prove.find.elsewhere', { issuer, client: clientId, app: app.name })
  const isApp = at === 'idp'
  return (
    <>
      {text(isApp ? 'prove.find.here' : 'prove.find.hosted')}{' '}
      <Link to={isApp ? pathOf('app', app.id) : '/settings/registrations'}>
        {isApp ? app.name : text('nav.registrations')}
      </Link>
      .
    </>
  )
}
