// Converts the export of a Keycloak realm (`kc.sh export`, or "Partial export" in its admin console).
import { parseJson } from '@crosswalk/protocol'
import { z } from 'zod'

import { type FindSecret, type Imported, type ImportedGroup, type SkippedPart, merge } from './imported.ts'
import { type ForeignAuth, type ForeignClient, importClient } from './oidc-app.ts'

const zTexts = z.array(z.string()).default([])

const zClient = z.looseObject({
  clientId: z.string(),
  name: z.string().optional(),
  enabled: z.boolean().default(true),
  protocol: z.string().default('openid-connect'),
  bearerOnly: z.boolean().default(false),
  publicClient: z.boolean().default(false),
  standardFlowEnabled: z.boolean().default(true),
  serviceAccountsEnabled: z.boolean().default(false),
  clientAuthenticatorType: z.string().default('client-secret'),
  redirectUris: zTexts,
  attributes: z.record(z.string(), z.unknown()).default({}),
})
type Client = z.output<typeof zClient>

interface Group {
  readonly name: string
  readonly subGroups?: readonly Group[] | undefined
}
const zGroup: z.ZodType<Group> = z.lazy(() =>
  z.looseObject({ name: z.string(), subGroups: z.array(zGroup).optional() }),
)

const zUser = z.looseObject({
  id: z.string().optional(),
  username: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean().default(false),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  enabled: z.boolean().default(true),
  groups: zTexts,
  serviceAccountClientId: z.string().optional(),
})

/** Bounded, so that a wrong file fails early with one sentence. */
export const zRealm = z.looseObject({
  realm: z.string(),
  clients: z.array(zClient).max(2000).default([]),
  groups: z.array(zGroup).max(10_000).default([]),
  users: z.array(zUser).max(10_000).default([]),
  identityProviders: z.array(z.looseObject({ alias: z.string() })).default([]),
})

/** Keycloak's own clients, which exist in every realm. */
const BUILT_IN = [
  'account',
  'account-console',
  'admin-cli',
  'broker',
  'realm-management',
  'security-admin-console',
]

export function importKeycloak(realm: z.output<typeof zRealm>, findSecret: FindSecret): Imported {
  const clients = realm.clients.filter(({ clientId }) => !BUILT_IN.includes(clientId))
  return merge([
    ...clients.map((client) => importOne(client, findSecret)),
    { groups: realm.groups.flatMap((group) => listGroups(group)) },
    ...realm.users.map(importUser),
    {
      left: [
        ...realm.identityProviders.map(({ alias }) => ({
          what: `identity provider ${alias}`,
          reason: 'its secret is not exported; define it under `idp.upstream`',
        })),
        ...(realm.users.length === 0 ? [] : [PASSWORDS]),
        ...(clients.length === 0 ? [] : [ACCESS]),
      ],
    },
  ])
}

const PASSWORDS: SkippedPart = {
  what: 'passwords and second factors',
  reason: 'users sign in at Keycloak by `idp.subjectIssuers` or `idp.upstream`, or get a password here',
}
const ACCESS: SkippedPart = {
  what: 'who may use an app',
  reason: 'Keycloak lets every user use every client; assign users to each app here',
}

function importOne(client: Client, findSecret: FindSecret): Partial<Imported> {
  const { clientId, protocol, bearerOnly, attributes } = client
  const what = `client ${clientId}`
  if (protocol !== 'openid-connect') return { left: [{ what, reason: `its protocol is ${protocol}` }] }
  if (bearerOnly)
    return { left: [{ what, reason: 'it is an API; create a resource app with its resource identifier' }] }
  const text = (name: string) => {
    const value = attributes[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const signsIn = client.standardFlowEnabled && client.redirectUris.length > 0
  const foreign: ForeignClient = {
    id: clientId,
    name: client.name ?? clientId,
    kind: signsIn || !client.serviceAccountsEnabled ? 'web' : 'service',
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: (text('post.logout.redirect.uris') ?? '')
      .split('##')
      .filter((uri) => uri !== '' && uri !== '+' && uri !== '-'),
    backchannelLogoutUri: text('backchannel.logout.url'),
    ...(text('pkce.code.challenge.method') === undefined ? { pkce: 'optional' } : {}),
    auth: readAuth(client, text),
    ...(client.enabled ? {} : { active: false }),
  }
  return importClient(foreign, findSecret)
}

function readAuth(client: Client, text: (name: string) => string | undefined): ForeignAuth {
  if (client.publicClient) return { by: 'nothing' }
  const type = client.clientAuthenticatorType
  if (type === 'client-secret') return { by: 'secret', sent: 'client_secret_basic' }
  if (type !== 'client-jwt') return { by: 'other', name: type }
  const jwksUri = text('use.jwks.url') === 'true' ? text('jwks.url') : undefined
  if (jwksUri !== undefined) return { by: 'keys', jwksUri }
  return { by: 'keys', jwks: parseJson(text('jwks.string') ?? '') }
}

/** Nested groups become top-level groups, because names here cannot contain a slash. */
function listGroups(group: Group, above = ''): readonly ImportedGroup[] {
  const id = renameGroup(`${above}${group.name}`)
  return [
    { id, ...(id === group.name ? {} : { name: group.name }) },
    ...(group.subGroups ?? []).flatMap((inner) => listGroups(inner, `${above}${group.name}/`)),
  ]
}

function renameGroup(path: string): string {
  return path.replace(/^\//, '').replaceAll('/', ' > ').slice(0, 256)
}

function importUser(user: z.output<typeof zUser>): Partial<Imported> {
  const { id, username, email, emailVerified, enabled } = user
  if (user.serviceAccountClientId !== undefined) return {}
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ')
  if (id === undefined || !/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/.test(id))
    return { left: [{ what: `user ${username}`, reason: 'the export has no id for this user' }] }
  const imported = {
    id,
    username,
    ...(email === undefined || email === '' ? {} : { email }),
    ...(emailVerified && email !== undefined ? { emailVerified: true as const } : {}),
    ...(name === '' ? {} : { name }),
    groups: user.groups.map(renameGroup),
    attributes: { keycloakId: id },
    ...(enabled ? {} : { active: false as const }),
  }
  return { users: [imported] }
}
