// Gathers the evidence for the checks: metadata and keys of an issuer, challenge and metadata of a resource. Only reads,
// and sends no credentials.
import { findResourceMetadata } from '@crosswalk/client'
import {
  dropUndefined,
  buildResourceMetadataUrl,
  isIssuerIdentifier,
  listMetadataPaths,
  splitUrl,
} from '@crosswalk/protocol'

import type { Exchange, GuardedSender } from '../http/guarded-sender.ts'
import { askForTools, buildInitialize, findSession, isMcp, readTools } from '../http/mcp-client.ts'

export type IssuerRole = 'idp' | 'as'
export type Json = Readonly<Record<string, unknown>>

export interface ServerEvidence {
  readonly role: IssuerRole
  readonly issuer: string
  /** Every requested metadata URL, in order */
  readonly tried: readonly Exchange[]
  /** The document that names this issuer; otherwise the first one, whatever its content */
  readonly found?: Exchange
  readonly metadata?: Json
  readonly keys?: Exchange
  readonly nowMs: number
  /** Issuer of the other party, if it is checked as well */
  readonly otherIssuer?: string
  readonly otherKeys?: readonly Json[]
}

export interface ResourceEvidence {
  readonly resource: string
  /** The response to a request without a token */
  readonly challenge: Exchange
  /** Of an MCP server: the names of tools that it lists without a token */
  readonly openTools?: readonly string[]
  /** The metadata URL in the challenge */
  readonly announced?: string
  readonly tried: readonly Exchange[]
  readonly found?: Exchange
  readonly metadata?: Json
  /** The expected authorization server, if one was named */
  readonly expectedIssuer?: string
  /** `scopes_supported` of that server */
  readonly knownScopes?: readonly string[]
}

/** For issuers with a path, both forms of both names: everything that any client might request. */
function listMetadataUrls(issuer: string, role: IssuerRole): readonly string[] {
  const split = splitUrl(issuer)
  if (split === undefined) return []
  const urls = listMetadataPaths(split.rest).map((path) => `${split.origin}${path}`)
  const rankOf = (url: string): number => {
    if (findUsualUrl(url, issuer) !== undefined) return 2
    // OpenID Connect first for an identity provider; RFC 8414 first otherwise.
    return url.includes('openid-configuration') === (role === 'as') ? 1 : 0
  }
  return urls.toSorted((one, other) => rankOf(one) - rankOf(other))
}

/**
 * RFC 8414 inserts the path of an issuer (section 3.1); few clients look behind the path, as for OpenID Connect.
 *
 * @returns where clients look for a document that is behind the path; undefined for any other document
 */
export function findUsualUrl(url: string, issuer: string): string | undefined {
  const name = '/.well-known/oauth-authorization-server'
  const { origin, rest } = splitUrl(issuer) ?? { origin: '', rest: '' }
  const path = rest.replace(/\/$/, '')
  return path !== '' && url === `${origin}${path}${name}` ? `${origin}${name}${path}` : undefined
}

export async function gatherServer(
  sender: GuardedSender,
  { issuer, role, nowMs }: Pick<ServerEvidence, 'issuer' | 'role'> & { readonly nowMs: number },
): Promise<ServerEvidence> {
  const tried: Exchange[] = []
  for (const url of listMetadataUrls(issuer, role)) {
    const answer = await sender.send({ method: 'GET', url })
    tried.push(answer)
    // Like clients, which ignore a document of another issuer, such as that of the root.
    if (isOf('issuer', issuer)(answer)) break
    // Other URLs of an unreachable host would not work either.
    if (answer.problem !== undefined) break
  }
  const found =
    tried.find(isOf('issuer', issuer)) ??
    tried.find(({ json }) => typeof json?.issuer === 'string') ??
    tried.find(isDocument)
  if (found?.json === undefined) return { role, issuer, tried, nowMs }
  const keysUrl = found.json.jwks_uri
  const keys = typeof keysUrl === 'string' ? await sender.send({ method: 'GET', url: keysUrl }) : undefined
  return { role, issuer, tried, found, metadata: found.json, ...(keys === undefined ? {} : { keys }), nowMs }
}

const isDocument = ({ status, json }: Exchange): boolean => status === 200 && json !== undefined
const isOf = (member: 'issuer' | 'resource', named: string) => (answer: Exchange) =>
  isDocument(answer) && answer.json?.[member] === named

export async function gatherResource(sender: GuardedSender, resource: string): Promise<ResourceEvidence> {
  const { challenge, openTools } = await sendWithoutToken(sender, resource)
  if (challenge.problem !== undefined) return { resource, challenge, tried: [] }
  const announced = findResourceMetadata(challenge.headers['www-authenticate'] ?? null)
  const origin = splitUrl(resource)?.origin
  const wellKnown = buildResourceMetadataUrl(resource)
  const root = origin === undefined ? undefined : `${origin}/.well-known/oauth-protected-resource`
  // A challenge that points to another origin is reported, but not followed.
  const trusted = announced !== undefined && splitUrl(announced)?.origin === origin ? announced : undefined
  const tried: Exchange[] = []
  for (const url of new Set([trusted, wellKnown, root].filter((it) => it !== undefined))) {
    const answer = await sender.send({ method: 'GET', url })
    tried.push(answer)
    // Clients that follow the challenge look nowhere else.
    if (isDocument(answer) && (url === trusted || isOf('resource', resource)(answer))) break
  }
  const found = tried.find(isOf('resource', resource)) ?? tried.find(isDocument)
  return {
    resource,
    challenge,
    ...dropUndefined({ openTools, announced }),
    tried,
    ...(found?.json === undefined ? {} : { found, metadata: found.json }),
  }
}

/** Some MCP servers answer anyone who connects, and require a token from then on. */
async function sendWithoutToken(
  sender: GuardedSender,
  url: string,
): Promise<Pick<ResourceEvidence, 'challenge' | 'openTools'>> {
  if (!isMcp(url)) return { challenge: await sender.send({ method: 'GET', url }) }
  const initialized = await sender.send(buildInitialize({ url }))
  if (initialized.status !== 200) return { challenge: initialized }
  const listed = await askForTools({ url, sender, sessionId: findSession(initialized) })
  const openTools = readTools(listed)?.map(({ name }) => name)
  return { challenge: listed, ...(openTools === undefined ? {} : { openTools }) }
}

/** @returns the valid issuers that a resource lists */
export function listAuthorizationServers({ metadata }: ResourceEvidence): readonly string[] {
  const servers = metadata?.authorization_servers
  return Array.isArray(servers)
    ? servers.filter((it): it is string => typeof it === 'string' && isIssuerIdentifier(it))
    : []
}

export function listKids({ keys }: ServerEvidence): readonly string[] {
  return listKeys(keys).flatMap(({ kid }) => (typeof kid === 'string' ? [kid] : []))
}

export function listKeys(keys: Exchange | undefined): readonly Json[] {
  const list = keys?.json?.keys
  return Array.isArray(list) ? list.filter((it): it is Json => typeof it === 'object' && it !== null) : []
}

export function listTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : undefined
}
