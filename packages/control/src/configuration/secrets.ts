// Secrets in documents: never exported, and applied only if they are to be set.
import type { Collection } from '@crosswalk/admin-api'

import type { DefinitionOf } from '../definitions/records.ts'
import type { PlanProblem } from './read-document.ts'

type Members = Readonly<Record<string, unknown>>

/** What `export` writes in place of a secret; sending it back sets nothing. */
const PLACEHOLDER = /^\$\{[A-Za-z_][A-Za-z0-9_]*(?::-.*)?\}$/s

export interface ExtractedSecrets {
  readonly input: Members
  /** Paths of the secrets that are set */
  readonly secrets: readonly string[]
}

export interface ExtractOptions<C extends Collection> {
  readonly previous: DefinitionOf<C> | undefined
  /** Whether to set secrets of existing objects too */
  readonly setSecrets: boolean
}

/** Removes every secret that is not to be set; existing objects keep theirs. */
export function extractSecrets<C extends Collection>(
  collection: C,
  input: Members,
  { previous, setSecrets }: ExtractOptions<C>,
): ExtractedSecrets {
  if (collection === 'users') {
    const { totpSecret: _, ...user } = input
    return takeMember(user, 'password', setSecrets || previous === undefined)
  }
  if (collection === 'apps') return takeAuth(input, setSecrets || previous === undefined)
  if (collection !== 'authorization-servers') return { input, secrets: [] }
  const known = new Set((previous as DefinitionOf<'authorization-servers'> | undefined)?.clients.map(idOf))
  const server = omitClientSecret(input)
  const clients = (server.clients as readonly Members[]).map((client) => ({
    id: client.id,
    ...takeAuth(client, setSecrets || !known.has(String(client.id))),
  }))
  return {
    input: { ...server, clients: clients.map((taken) => taken.input) },
    secrets: clients.flatMap(({ id, secrets }) => secrets.map((place) => `clients.${String(id)}.${place}`)),
  }
}

function idOf({ id }: { readonly id: string }): string {
  return id
}

function takeAuth(client: Members, isSet: boolean): ExtractedSecrets {
  const one = takeMember(client.auth as Members, 'secret', isSet)
  const both = takeMember(one.input, 'previousSecret', isSet)
  const secrets = [...one.secrets, ...both.secrets]
  return { input: { ...client, auth: both.input }, secrets: secrets.map((place) => `auth.${place}`) }
}

/** null, which removes a password, is not a secret. */
function takeMember(holder: Members, name: string, isSet: boolean): ExtractedSecrets {
  const value = holder[name]
  if (typeof value !== 'string') return { input: holder, secrets: [] }
  if (isSet && !PLACEHOLDER.test(value)) return { input: holder, secrets: [name] }
  const { [name]: _, ...rest } = holder
  return { input: rest, secrets: [] }
}

interface CodeFlow {
  readonly signIn?: { readonly clientSecret?: string }
}

/** Its own secret at the sign-in provider of its users, which the configuration file keeps. */
function omitClientSecret({ authorizationCode, ...server }: Members): Members {
  if (authorizationCode === undefined) return server
  const { signIn, ...code } = authorizationCode as CodeFlow
  if (signIn === undefined) return { ...server, authorizationCode: code }
  const { clientSecret: _, ...rest } = signIn
  return { ...server, authorizationCode: { ...code, signIn: rest } }
}

/** Secrets that the server must read later: only its configuration file can set them. */
export function refuseFileSecrets({ totpSecret, authorizationCode }: Members): readonly PlanProblem[] {
  const { signIn } = (authorizationCode ?? {}) as CodeFlow
  return [
    ...(totpSecret === undefined
      ? []
      : [
          {
            path: '/totpSecret',
            problem: 'users of the database enrol their authenticator apps themselves',
            fix: 'remove `totpSecret`',
          },
        ]),
    ...(signIn?.clientSecret === undefined
      ? []
      : [
          {
            path: '/authorizationCode/signIn/clientSecret',
            problem: 'only the configuration file of the server can set this secret',
            fix: 'define the authorization server there, or remove `clientSecret` if the client is public',
          },
        ]),
  ]
}
