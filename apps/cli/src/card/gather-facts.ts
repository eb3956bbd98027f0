// Reads the values of a card from the live server: definitions through the admin API, and published metadata.
import type { AdminClient } from '@crosswalk/admin-api'
import { findIdp, gatherServer, type GuardedSender, type IssuerRole } from '@crosswalk/lab'
import { GRANT_TYPE } from '@crosswalk/protocol'
import type { CardField } from '@crosswalk/protocol/vendors'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

export type Facts = Readonly<Partial<Record<CardField, readonly string[]>>>

export interface Source {
  readonly client: AdminClient
  readonly sender: GuardedSender
  readonly server: string
  readonly nowMs: number
}

/** For a connection, the other side runs the authorization server. */
export async function describeConnection(source: Source, id: string): Promise<Facts> {
  const { client } = source
  const { body: connection } = await client.call('connections.read', { params: { id } })
  const { body: target } = await client.call('resource-apps.read', { params: { id: connection.resourceApp } })
  const issuer = await findIssuer(source)
  return {
    issuer: [issuer],
    jwksUri: await findKeys(source, issuer, 'idp'),
    audience: [target.issuer],
    clientId: connection.clientId === undefined ? [] : [connection.clientId],
    resource: connection.resources,
    scopes: connection.scopes,
  }
}

/** For an authorization server here, the other side issues the ID-JAGs. */
export async function describeServer({ client }: Source, id: string): Promise<Facts> {
  const { body: server } = await client.call('authorization-servers.read', { params: { id } })
  return {
    issuer: [server.issuer],
    audience: server.audTenant === undefined ? [] : [server.audTenant],
    clientId: server.clients.filter(mayRedeem).map(({ id }) => id),
    resource: server.resources.map((one) => one.id),
    scopes: [...new Set(server.resources.flatMap(({ scopes }) => scopes))],
  }
}

/** The identity provider needs to know nothing about an API that only introspects tokens. */
function mayRedeem({ grantTypes }: { readonly grantTypes?: readonly string[] | undefined }): boolean {
  const redeeming: readonly string[] = [GRANT_TYPE.jwtBearer, GRANT_TYPE.jwtDpop]
  return grantTypes === undefined || grantTypes.some((one) => redeeming.includes(one))
}

/** For an app here, the other side signs its users in, and the app exchanges those ID tokens here. */
export async function describeApp(source: Source, id: string): Promise<Facts> {
  const { body: app } = await source.client.call('apps.read', { params: { id } })
  const issuer = await findIssuer(source)
  return {
    redirectUri: app.redirectUris,
    logoutUri: [`${issuer.replace(/\/$/, '')}/upstream/logout`],
  }
}

async function findIssuer({ sender, server }: Source): Promise<string> {
  const issuer = await findIdp(sender, server, { hasApps: false })
  if (issuer !== undefined) return issuer
  throw new CliError(
    EXIT.notFound,
    `${server} runs no identity provider`,
    'name an authorization server: --authorization-server ID',
  )
}

async function findKeys(
  { sender, nowMs }: Source,
  issuer: string,
  role: IssuerRole,
): Promise<readonly string[]> {
  const { metadata } = await gatherServer(sender, { issuer, role, nowMs })
  return typeof metadata?.jwks_uri === 'string' ? [metadata.jwks_uri] : []
}
