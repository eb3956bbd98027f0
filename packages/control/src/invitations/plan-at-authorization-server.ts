// What accepting an invitation defines at an authorization server: trust in the identity provider, and a client for the
// app. Existing definitions are kept.
import type { ConfigurationDocument, Invitation, InvitedAuth } from '@crosswalk/admin-api'

import { definitionsOf } from '../definitions/records.ts'
import { renderPlannedObject } from '../configuration/render-document.ts'
import { makeClientSecret } from '../definitions/collections/client-secrets.ts'
import type { InvitationPlan, PlanParts, InvitationChoices } from './invitation-plan.ts'
import { isDocumentUrl } from './make-invitation.ts'

/** The members that accepting changes */
interface ShownServer {
  readonly trustedIssuers?: readonly unknown[]
  readonly clients?: readonly unknown[]
  readonly clientMetadata?: { readonly allow?: readonly string[] }
}

/** @returns undefined if the invitation is for another authorization server */
export function planAtAuthorizationServer(
  parts: PlanParts,
  invitation: Invitation,
  choices: InvitationChoices,
): InvitationPlan | undefined {
  const { identityProvider, app, authorizationServer } = invitation
  const { issuer, tenant } = identityProvider
  const { world } = parts.directory.current()
  const server = definitionsOf(world['authorization-servers']).find(
    (one) => one.issuer === authorizationServer.issuer,
  )
  if (server === undefined) return undefined
  const isTrusted = server.trustedIssuers.some((one) => one.issuer === issuer && one.tenant === tenant)
  const isRegistered = server.clients.some(({ id }) => id === app.clientId)
  const shown = renderPlannedObject(parts, 'authorization-servers', server) as ShownServer
  const { changes, secret } = planClient(shown, { app, issuer, isRegistered })
  const { trustedIssuers = [], clients = [] } = shown
  const planned = {
    ...shown,
    trustedIssuers: isTrusted ? trustedIssuers : [...trustedIssuers, planTrust(invitation, choices)],
    clients,
    ...changes,
  }
  return {
    document: { authorizationServers: [planned] } as ConfigurationDocument,
    ...(secret === undefined ? {} : { secret }),
    notes: [
      ...findUnknownScopes(server.resources, authorizationServer.resources),
      ...(isTrusted ? [`${issuer} is already trusted here; its settings are kept.`] : []),
      ...(isRegistered && !isDocumentUrl(app.clientId)
        ? [`Client ${app.clientId} already exists here and is kept.`]
        : []),
      ...(isTrusted ? [] : warnAboutUsers(invitation, choices)),
    ],
  }
}

function planTrust(
  { identityProvider: { issuer, tenant }, claims }: Invitation,
  { provisioning, emailDomains }: InvitationChoices,
) {
  const hasDomains = emailDomains.length > 0
  return {
    issuer,
    ...(tenant === undefined ? {} : { tenant }),
    // Never `aud_sub`: with it, the issuer could name every user of the server, also those of other companies.
    subject: hasDomains && claims.includes('email') ? ['iss_sub', 'email'] : ['iss_sub'],
    ...(hasDomains ? { emailDomains } : {}),
    provisioning,
  }
}

/** What an administrator should know about the users of an issuer that is not trusted yet. */
function warnAboutUsers(
  { identityProvider: { issuer }, claims }: Invitation,
  { provisioning }: InvitationChoices,
): readonly string[] {
  return [
    ...(claims.includes('aud_sub')
      ? [
          `Its ID-JAGs name users by your own ids (aud_sub), which are ignored. Add aud_sub to the trusted issuer only if ${issuer} may act for every account of this server.`,
        ]
      : []),
    ...(provisioning === 'none'
      ? ['Users without an account here are denied: import their accounts, or allow provisioning.']
      : []),
  ]
}

interface InvitedClient {
  readonly app: Invitation['app']
  readonly issuer: string
  readonly isRegistered: boolean
}

/** An app that describes itself is allowed by its URL; any other becomes a client, unless it is one. */
function planClient(
  { clients = [], clientMetadata }: ShownServer,
  { app, issuer, isRegistered }: InvitedClient,
): { readonly changes: Partial<ShownServer>; readonly secret?: string | undefined } {
  const { clientId } = app
  if (isDocumentUrl(clientId)) {
    const allow = new Set([...(clientMetadata?.allow ?? []), clientId])
    return { changes: { clientMetadata: { allow: [...allow] } } }
  }
  if (isRegistered) return { changes: {} }
  const { client, secret } = makeClient(app, issuer)
  return { changes: { clients: [...clients, client] }, secret }
}

/** A client for this app only, which may redeem only ID-JAGs of this issuer. */
function makeClient({ clientId, name, auth }: Invitation['app'], issuer: string) {
  const secret = auth.method.startsWith('client_secret') ? makeClientSecret() : undefined
  return { client: { id: clientId, name, auth: registerAuth(auth, secret), issuers: [issuer] }, secret }
}

function registerAuth(auth: InvitedAuth, secret: string | undefined) {
  if (auth.method === 'private_key_jwt') return auth
  return secret === undefined ? { method: 'none' } : { method: auth.method, secret }
}

interface Resource {
  readonly id: string
  readonly scopes: readonly string[]
}

function findUnknownScopes(known: readonly Resource[], wanted: readonly Resource[]): readonly string[] {
  return wanted.flatMap(({ id, scopes }) => {
    const here = known.find((one) => one.id === id)
    if (here === undefined) return [`Resource ${id} is not defined here: tokens for it will be denied.`]
    const unknown = scopes.filter((scope) => !here.scopes.includes(scope))
    return unknown.length === 0
      ? []
      : [`${id} lacks these scopes, so they are never granted: ${unknown.join(' ')}.`]
  })
}
