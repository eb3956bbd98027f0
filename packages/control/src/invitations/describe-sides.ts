// What each side of a connection puts into an invitation.
import type { Invitation } from '@crosswalk/admin-api'

import type { DefinitionOf, World } from '../definitions/records.ts'
import { describeAuth, isDocumentUrl } from './make-invitation.ts'

/** From the identity provider's side. @returns a problem sentence if the connection is incomplete */
export function describeConnection(
  world: World,
  connection: DefinitionOf<'connections'>,
  issuer: string,
): Invitation | string {
  const app = world.apps.get(connection.app)?.definition
  const resourceApp = world['resource-apps'].get(connection.resourceApp)?.definition
  if (app === undefined || resourceApp === undefined) return 'The app or the resource app no longer exists.'
  const { clientId } = connection
  if (clientId === undefined)
    return 'The connection has no client id for the authorization server. Agree on one, and set it first.'
  const resources = resourceApp.resources
    .filter(({ id }) => connection.resources.includes(id))
    .map(({ id, scopes }) => ({ id, scopes: scopes.filter((scope) => connection.scopes.includes(scope)) }))
  if (resources.length === 0) return 'The connection has no resource, so there is nothing to invite to.'
  const { tenant, audTenant } = resourceApp
  return {
    identityProvider: { issuer, ...(tenant === undefined ? {} : { tenant }) },
    app: { id: app.id, name: app.name, clientId, auth: describeAuth(clientId, app.auth) },
    resourceApp: { name: resourceApp.name },
    authorizationServer: {
      issuer: resourceApp.issuer,
      ...(audTenant === undefined ? {} : { audTenant }),
      resources,
    },
    claims: Object.keys(resourceApp.claims),
  }
}

/** From the authorization server's side. @returns a problem sentence if it does not know the client or the issuer */
export function describeTrust(
  server: DefinitionOf<'authorization-servers'>,
  { clientId, issuer }: { readonly clientId: string; readonly issuer: string },
): Invitation | string {
  const trusted = server.trustedIssuers.find((one) => one.issuer === issuer)
  if (trusted === undefined) return `${server.id} does not trust ${issuer}. Add it first.`
  const client = server.clients.find(({ id }) => id === clientId)
  if (client === undefined && !isDocumentUrl(clientId))
    return `${server.id} has no client ${clientId}. Add it first.`
  if (server.resources.length === 0) return `${server.id} has no resource, so there is nothing to invite to.`
  const { tenant } = trusted
  return {
    identityProvider: { issuer, ...(tenant === undefined ? {} : { tenant }) },
    app: {
      name: client?.name ?? clientId.slice(0, 256),
      clientId,
      auth: describeAuth(clientId, client?.auth),
    },
    resourceApp: { name: server.id },
    authorizationServer: {
      issuer: server.issuer,
      ...(server.audTenant === undefined ? {} : { audTenant: server.audTenant }),
      resources: server.resources.map(({ id, scopes }) => ({ id, scopes })),
    },
    claims: trusted.subject.filter((one) => one !== 'iss_sub'),
  }
}
