// Discovers servers: resource → its authorization server → token endpoint (RFC 9728, RFC 8414). A document is only used
// if it names, byte for byte, what was requested; otherwise nothing is sent to the servers it names.
import {
  buildResourceMetadataUrl,
  GRANT_TYPE,
  ID_JAG_PROFILE,
  isIssuerIdentifier,
  isObject,
  splitUrl,
  type XaaCode,
  isTextList,
} from '@crosswalk/protocol'

import { buildUnreachable } from './build-error.ts'
import { findResourceMetadata } from './challenge.ts'
import { compareValues } from './compare-values.ts'
import { isNamed } from './describe-fault.ts'
import { ExpiringCache } from './expiring-cache.ts'
import { type Answer, cleanUrl, type Runtime, send } from './runtime.ts'
import { isSecureUrl, listIssuerMetadataUrls } from './server-url.ts'
import { DiscoveryFailed, type XaaError } from './xaa-error.ts'

/** An authorization server as its metadata describes it. */
export interface TokenServer {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly authMethods?: readonly string[]
  readonly grantTypes?: readonly string[]
  readonly profiles?: readonly string[]
}

type Document = Readonly<Record<string, unknown>>

const METADATA_TTL_MS = 3_600_000

export class Directory {
  readonly #runtime: Runtime
  readonly #servers: ExpiringCache<TokenServer>
  readonly #resources: ExpiringCache<readonly string[]>

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    this.#servers = new ExpiringCache({ nowMs: runtime.nowMs, maxEntries: 1000 })
    this.#resources = new ExpiringCache({ nowMs: runtime.nowMs, maxEntries: 1000 })
  }

  /** @throws DiscoveryFailed or Unavailable if no usable metadata of this issuer is found */
  async findServer(issuer: string): Promise<TokenServer> {
    return await this.#servers.get(issuer, async () => {
      if (!isIssuerIdentifier(issuer)) throw fail('XAA5006', issuer)
      const urls = listIssuerMetadataUrls(issuer)
      const document = await this.#findDocument(urls, {
        name: 'issuer',
        value: issuer,
        mismatch: 'XAA4003',
        tried: [],
      })
      return { value: parseServer(document, issuer), expiresAtMs: this.#runtime.nowMs() + METADATA_TTL_MS }
    })
  }

  /**
   * @param url - requested without a token to find the metadata if the well-known location has none
   * @returns the issuers that the resource names
   */
  async findAuthorizationServers(resource: string, url: string): Promise<readonly string[]> {
    return await this.#resources.get(resource, async () => {
      const wanted = { name: 'resource', value: resource, mismatch: 'XAA4006', tried: [] } satisfies Wanted
      const wellKnown = buildResourceMetadataUrl(resource)
      const usable = wellKnown !== undefined && isSecureUrl(wellKnown)
      const found = !usable ? undefined : await this.#tryDocuments([wellKnown], wanted)
      const document = found?.document ?? (await this.#findAnnounced(url, wanted, found?.error))
      const issuers = document.authorization_servers
      if (!isTextList(issuers) || issuers.length === 0)
        throw fail('XAA4001', resource, 'The metadata of the resource names no authorization server.')
      return { value: issuers, expiresAtMs: this.#runtime.nowMs() + METADATA_TTL_MS }
    })
  }

  /** Reads the metadata of a resource and of its server again when next asked: both may have moved. */
  forget(resource: string, issuer: string): void {
    this.#resources.delete(resource)
    this.#servers.delete(issuer)
  }

  /**
   * Follows the metadata URL in the resource's challenge (RFC 9728 section 5.1), which is requested without
   * credentials.
   */
  async #findAnnounced(url: string, wanted: Wanted, error: XaaError | undefined): Promise<Document> {
    let answer = await this.#ask(url, wanted)
    // Stateless MCP servers accept only POST. Without token and body it has no effect.
    if (answer.status === 404 || answer.status === 405) answer = await this.#ask(url, wanted, 'POST')
    const announced = findResourceMetadata(answer.headers.get('www-authenticate'))
    if (announced === undefined) return await this.#findAtRoot(url, wanted, error)
    // On another origin, the URL could point anywhere in our own network.
    const trusted = splitUrl(announced)?.origin === splitUrl(url)?.origin
    if (!trusted || !isSecureUrl(announced)) throw error ?? failWithoutMetadata(wanted)
    return await this.#findDocument([announced], wanted)
  }

  /** The location for servers that announce nothing: the root of their host (MCP, authorization server discovery). */
  async #findAtRoot(url: string, wanted: Wanted, error: XaaError | undefined): Promise<Document> {
    const root = buildResourceMetadataUrl(splitUrl(url)?.origin ?? url)
    // One that names another resource is of that one, and no fault.
    const found = root === undefined ? {} : await this.#tryDocuments([root], wanted)
    if (found.document === undefined) throw error ?? failWithoutMetadata(wanted)
    return found.document
  }

  async #findDocument(urls: readonly string[], wanted: Wanted): Promise<Document> {
    const { document, error } = await this.#tryDocuments(urls, wanted)
    if (document === undefined) {
      const hint = `${describeTried(wanted)} Check the address, or publish the metadata there.`
      throw error ?? fail('XAA4001', wanted.value, hint)
    }
    return document
  }

  async #tryDocuments(
    urls: readonly string[],
    wanted: Wanted,
  ): Promise<{ readonly document?: Document; readonly error?: XaaError }> {
    const { name, value, mismatch } = wanted
    let error: XaaError | undefined
    for (const url of urls) {
      const answer = await this.#ask(url, wanted)
      if (answer.status === 0 || answer.status >= 500) error ??= buildUnreachable(answer, 'discovery', value)
      if (answer.status !== 200 || !isObject(answer.json)) continue
      if (answer.json[name] === value) return { document: answer.json }
      error = fail(mismatch, value, `${compareValues(`${name} in ${url}`, value, answer.json[name])}.`)
    }
    return error === undefined ? {} : { error }
  }

  async #ask(url: string, { value, tried }: Wanted, method: 'GET' | 'POST' = 'GET'): Promise<Answer> {
    const init = { method, headers: { accept: 'application/json' } }
    const answer = await send(this.#runtime, { leg: 'discovery', url, init })
    const status = answer.status === 0 ? {} : { status: answer.status }
    this.#runtime.emit({ leg: 'discovery', method, url: cleanUrl(url), ...status, ms: answer.ms })
    // The other addresses of a server that hangs would only add to the wait.
    if (isNamed(answer.fault, 'TimeoutError')) throw buildUnreachable(answer, 'discovery', value)
    tried.push(`${method} ${cleanUrl(url)}: ${answer.status === 0 ? 'no answer' : answer.status}`)
    return answer
  }
}

interface Wanted {
  readonly name: 'issuer' | 'resource'
  readonly value: string
  readonly mismatch: XaaCode
  /** Each request sent to find it, with the answer */
  readonly tried: string[]
}

function parseServer(document: Document, issuer: string): TokenServer {
  const endpoint = document.token_endpoint
  if (typeof endpoint !== 'string') throw fail('XAA4001', issuer, 'The metadata names no token endpoint.')
  if (!isSecureUrl(endpoint)) throw fail('XAA5006', issuer)
  const { token_endpoint_auth_methods_supported: methods, grant_types_supported: grants } = document
  const profiles = document.authorization_grant_profiles_supported
  return {
    issuer,
    tokenEndpoint: endpoint,
    ...(isTextList(methods) ? { authMethods: methods } : {}),
    ...(isTextList(grants) ? { grantTypes: grants } : {}),
    ...(isTextList(profiles) ? { profiles } : {}),
  }
}

/**
 * Whether a server may accept ID-JAGs. Missing metadata does not prove the opposite (META-01), but a list of grant
 * types without any that redeems them does.
 */
export function mayRedeem({ grantTypes, profiles }: TokenServer): boolean {
  const redeeming: readonly string[] = [GRANT_TYPE.jwtBearer, GRANT_TYPE.jwtDpop]
  return (
    grantTypes === undefined ||
    grantTypes.some((grant) => redeeming.includes(grant)) ||
    profiles?.includes(ID_JAG_PROFILE) === true
  )
}

function failWithoutMetadata(wanted: Wanted): DiscoveryFailed {
  const hint = `${describeTried(wanted)} Check the URL of the resource. If it publishes no metadata, name its issuer in the option authorizationServer.`
  return fail('XAA4001', wanted.value, hint)
}

function describeTried({ tried }: Wanted): string {
  return `Tried ${tried.join(', ')}.`
}

export function fail(code: XaaCode, server: string, hint?: string): DiscoveryFailed {
  return new DiscoveryFailed({ code, leg: 'discovery', server, ...(hint === undefined ? {} : { hint }) })
}
