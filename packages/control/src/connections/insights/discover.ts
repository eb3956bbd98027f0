// Reads and judges what an API, MCP server or authorization server publishes about itself, guarded against private
// addresses. Nothing is registered.
import type { Discovery } from '@crosswalk/admin-api'
import { cleanForeignText, type FetchRefusal, type GuardedFetch } from '@crosswalk/as-core'
import {
  buildResourceMetadataUrl,
  describeValue,
  GRANT_TYPE,
  ID_JAG_PROFILE,
  isIssuerIdentifier,
  listMetadataPaths,
} from '@crosswalk/protocol'

import type { Handlers } from '../../http/context.ts'
import type { Parts } from '../../parts.ts'
import { withFetch } from '../../http/with-fetch.ts'

type Facts = Discovery['facts']
type Documents = Discovery['documents']
type JsonObject = Readonly<Record<string, unknown>>

export function createDiscoverHandler(parts: Parts<'configuration'>): Handlers['discover'] {
  const ownIssuer = parts.configuration.idp?.issuer
  return ({ body: { url, issuer: knownIssuer } }) =>
    withFetch(parts, async (fetch) => ({
      status: 200,
      body: await discover(url, { fetch, ownIssuer, knownIssuer }),
    }))
}

interface DiscoveryOptions {
  readonly fetch: GuardedFetch
  readonly ownIssuer: string | undefined
  readonly knownIssuer: string | undefined
}

async function discover(url: string, options: DiscoveryOptions): Promise<Discovery> {
  const facts: Facts = []
  const documents: Documents = []
  const resourceDocument = await read(buildResourceMetadataUrl(url), options, documents)
  const resource = judgeResource(url, resourceDocument, facts)
  // Without resource metadata, the address may be the authorization server itself.
  const issuer =
    resourceDocument === undefined
      ? (options.knownIssuer ?? url)
      : textsOf(resourceDocument, 'authorization_servers').find(isIssuerIdentifier)
  if (issuer === undefined) {
    facts.push(
      fail('issuer.named', 'The resource metadata names no authorization server with a valid issuer.'),
    )
    return { resource, issuer: null, scopes: textsOf(resourceDocument, 'scopes_supported'), facts, documents }
  }
  const server = await readServer(issuer, options, documents)
  judgeServer({ issuer, server, ownIssuer: options.ownIssuer }, facts)
  const scopes = textsOf(resourceDocument, 'scopes_supported')
  return {
    resource,
    issuer: server === undefined && resourceDocument === undefined ? null : issuer,
    scopes: scopes.length > 0 ? scopes : textsOf(server, 'scopes_supported'),
    facts,
    documents,
  }
}

async function read(
  url: string | undefined,
  { fetch }: DiscoveryOptions,
  documents: Documents,
): Promise<JsonObject | undefined> {
  if (url === undefined) return undefined
  const answer = await fetch.fetchJson(url)
  documents.push(
    answer.accepted
      ? { url, document: { ...answer.value } }
      : { url, problem: describeRefusal(answer.refusal) },
  )
  return answer.accepted ? answer.value : undefined
}

/** Closed, filtered and non-HTTP ports all read the same, to prevent port scans from this server. */
export function describeRefusal({ reason, detail }: FetchRefusal): string {
  if (reason === 'timeout' || reason === 'unreachable') return 'unreachable'
  return detail === undefined ? reason : `${reason}: ${detail}`
}

async function readServer(
  issuer: string,
  options: DiscoveryOptions,
  documents: Documents,
): Promise<JsonObject | undefined> {
  const { origin, pathname } = new URL(issuer)
  for (const path of listMetadataPaths(pathname)) {
    const document = await read(origin + path, options, documents)
    if (document !== undefined) return document
  }
  return undefined
}

function judgeResource(url: string, document: JsonObject | undefined, facts: Facts): string | null {
  if (document === undefined) {
    facts.push(warn('resource.metadata', 'No resource metadata (RFC 9728) is published for this address.'))
    return null
  }
  facts.push(pass('resource.metadata', 'Resource metadata is published.'))
  const { resource } = document
  if (typeof resource !== 'string') {
    facts.push(fail('resource.identifier', 'The resource metadata has no resource identifier.'))
    return null
  }
  const shown = cleanForeignText(resource)
  facts.push(
    resource === url
      ? pass('resource.identifier', `The resource is ${shown}.`)
      : warn(
          'resource.identifier',
          `The resource identifies itself as ${shown}, not ${url}. Use its own identifier.`,
        ),
  )
  return resource
}

interface FoundServer {
  readonly issuer: string
  readonly server: JsonObject | undefined
  readonly ownIssuer: string | undefined
}

function judgeServer({ issuer, server, ownIssuer }: FoundServer, facts: Facts): void {
  if (server === undefined) {
    facts.push(fail('issuer.metadata', `The metadata of the authorization server ${issuer} cannot be read.`))
    return
  }
  facts.push(pass('issuer.metadata', `The authorization server ${issuer} publishes its metadata.`))
  const named = server['issuer']
  facts.push(
    named === issuer
      ? pass('issuer.identifier', 'Its metadata has exactly this issuer.')
      : fail(
          'issuer.identifier',
          `Its metadata has a different issuer: ${cleanForeignText(describeValue(named))} (XAA4003).`,
        ),
    issuer === ownIssuer
      ? fail(
          'issuer.other',
          'It is this identity provider; the authorization server must have another issuer (XAA1306).',
        )
      : pass('issuer.other', 'Its issuer differs from this identity provider.'),
    textsOf(server, 'grant_types_supported').includes(GRANT_TYPE.jwtBearer)
      ? pass('issuer.grant', 'It accepts JWT assertions as grants (RFC 7523).')
      : fail('issuer.grant', 'It does not declare JWT assertions as grants (RFC 7523).'),
    textsOf(server, 'authorization_grant_profiles_supported').includes(ID_JAG_PROFILE)
      ? pass('issuer.profile', 'It accepts ID-JAGs.')
      : warn('issuer.profile', 'It does not declare ID-JAGs; it may still accept them.'),
  )
}

function textsOf(document: JsonObject | undefined, member: string): string[] {
  const value = document?.[member]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

const pass = (id: string, text: string) => ({ id, result: 'pass' as const, text })
const warn = (id: string, text: string) => ({ id, result: 'warn' as const, text })
const fail = (id: string, text: string) => ({ id, result: 'fail' as const, text })
