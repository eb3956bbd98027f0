// The authorization code flow of authorization servers: it needs a provider where users sign in, and clients need a use
// for their redirect URIs.
import type { FileFinding } from '../finding.ts'
import type { ServerEntry } from '../view.ts'
import { type FileCheck, nameOf } from './check.ts'

export const checkCodeFlow: FileCheck = ({ servers }) =>
  servers.flatMap((server) => [...checkSignIn(server), ...checkEmail(server), ...checkOffered(server)])

function checkSignIn({ value, path }: ServerEntry): readonly FileFinding[] {
  const code = value?.authorizationCode
  if (code === undefined || code.signIn !== undefined) return []
  return [
    {
      path: [...path, 'authorizationCode'],
      what: 'users have nowhere to sign in',
      fix: 'add `signIn:` the OpenID provider of this service',
    },
  ]
}

function checkEmail({ value, path }: ServerEntry): readonly FileFinding[] {
  const signIn = value?.authorizationCode?.signIn
  if (signIn?.subject.includes('email') !== true || signIn.emailDomains.length > 0) return []
  return [
    {
      path: [...path, 'authorizationCode', 'signIn', 'subject'],
      what: '`email` in `subject` matches no user, because no domain is listed',
      fix: 'list the domains this provider may speak for in `emailDomains`',
    },
  ]
}

/** Redirect URIs without the flow are harmless, but probably a mistake. */
function checkOffered({ value, clients }: ServerEntry): readonly FileFinding[] {
  if (value === undefined || value.authorizationCode !== undefined) return []
  return clients.flatMap((client) =>
    client.value?.redirectUris === undefined
      ? []
      : [
          {
            path: [...client.path, 'redirectUris'],
            severity: 'warning' as const,
            what: `${nameOf('client', client)} has redirect URIs, but the server does not offer the authorization code flow`,
            fix: 'add `authorizationCode:` to the server, or remove `redirectUris`',
          },
        ],
  )
}
