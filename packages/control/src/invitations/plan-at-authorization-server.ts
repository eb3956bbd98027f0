// What accepting an invitation defines at an authorization server: trust in the identity provider, and a client for the
// app. Existing definitions are kept.
import type { ConfigurationDocument, Invitation, InvitedAuth } from '@crosswalk/admin-api'

import { definitionsOf } from '../definitions/records.ts'
import { renderFileObject } from '../configuration/render-document.ts'
import { makeClientSecret } from '../definitions/collections/client-secrets.ts'
import type { InvitationPlan, PlanParts, InvitationChoices } from './invitation-plan.ts'
import { isDocumentUrl } from './make-invitation.ts'

type Objects = readonly Readonly<Record<string, unknown>>[]

/** @returns undefined if the invitation is for another authorization server */
export function planAtAuthorizationServer(
  parts: PlanParts,
  { identityProvider, app, authorizationServer, claims }: Invitation,
  { provisioning, emailDomains }: InvitationChoices,
): InvitationPlan | undefined {
  const { world } = parts.directory.current()
  const server = definitionsOf(world['authorization-servers']).find(
    ({ issuer }) => issuer === authorizationServer.issuer,
  )
  if (server === undefined) return undefined
  const { issuer, tenant } = identityProvider
  const trust = {
    issuer,
    ...(tenant === undefined ? {} : { tenant }),
    // Never `aud_sub`: with it, the issuer could name every user of the server, also those of other companies.
    subject: ['iss_sub', ...(emailDomains.length > 0 && claims.includes('email') ? ['email'] : [])],
    ...(emailDomains.length === 0 ? {} : { emailDomains }),
    provisioning,
  }
  const isTrusted = server.trustedIssuers.some((one) => one.issuer === issuer && one.tenant === tenant)
  const { client, secret } = planClient(app, issuer)
  const isKnown = isDocumentUrl(app.clientId) || server.clients.some(({ id }) => id === app.clientId)
  const shown = renderFileObject(parts, 'authorization-servers', server) as {
    readonly trustedIssuers?: Objects
    readonly clients?: Objects
    readonly clientMetadata?: { readonly allow?: readonly string[] }
  }
  const allowed = shown.clientMetadata?.allow ?? []
  const planned = {
    ...shown,
    trustedIssuers: [...(shown.trustedIssuers ?? []), ...(isTrusted ? [] : [trust])],
    clients: [...(shown.clients ?? []), ...(isKnown ? [] : [client])],
    ...(isDocumentUrl(app.clientId)
      ? { clientMetadata: { allow: [...new Set([...allowed, app.clientId])] } }
      : {}),
  }
  return {
    document: { authorizationServers: [planned] } as ConfigurationDocument,
    ...(isKnown || secret === undefined ? {} : { secret }),
    notes: [
      ...findUnknownScopes(server.resources, authorizationServer.resources),
      ...(isTrusted ? [`${issuer} is already trusted here; its settings are kept.`] : []),
      ...(isKnown && !isDocumentUrl(app.clientId)
        ? [`Client ${app.clientId} already exists here and is kept.`]
        : []),
      ...(claims.includes('aud_sub') && !isTrusted
        ? [
            `Its ID-JAGs name users by your own ids (aud_sub), which are ignored. Add aud_sub to the trusted issuer only if ${issuer} may act for every account of this server.`,
          ]
        : []),
      ...(provisioning === 'none' && !isTrusted
        ? ['Users without an account here are denied: import their accounts, or allow provisioning.']
        : []),
    ],
  }
}

/** A client for this app only, which may redeem only ID-JAGs of this issuer. */
function planClient({ clientId, name, auth }: Invitation['app'], issuer: string) {
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
