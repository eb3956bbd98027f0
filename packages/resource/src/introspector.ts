// Introspects tokens at the authorization server (RFC 7662), and caches each result only briefly, so that a revoked
// token is soon refused. Keys are digests: the cache contains no tokens.
import { evictOldest } from '@crosswalk/protocol'

import type { Introspect, IntrospectionOptions } from './options.ts'
import { sha256 } from './check-proof.ts'
import {
  findAgeMs,
  type Json,
  renderBasic,
  requestJson,
  type ServerAccess,
  ServerUnreachable,
} from './server-access.ts'

/** Leaves half of a second for the revocation to reach the authorization server, often as an event of another company. */
const DEFAULT_FRESHNESS_SECONDS = 0.5

/** Determines which tokens are live. */
export interface TokenInspector {
  /**
   * @returns the members of the response; undefined if the token is not active
   * @throws ServerUnreachable
   */
  find(token: string): Promise<Json | undefined>
}

/** Introspects in this program: revocations apply immediately, so nothing is cached. */
export function createLocalInspector(introspect: Introspect): TokenInspector {
  return {
    async find(token) {
      try {
        const answer = await introspect(token)
        return answer.active === true ? answer : undefined
      } catch (cause) {
        throw new ServerUnreachable('the authorization server in this program had a fault', { cause })
      }
    },
  }
}

interface Asked<T> {
  readonly answer: T
  readonly askedAtMs: number
}

export class Introspector implements TokenInspector {
  readonly #access: ServerAccess
  readonly #options: IntrospectionOptions
  readonly #findEndpoint: () => Promise<string>
  readonly #known = new Map<string, Asked<Json>>()
  readonly #asking = new Map<string, Asked<Promise<Json>>>()

  constructor(access: ServerAccess, options: IntrospectionOptions, findEndpoint: () => Promise<string>) {
    this.#access = access
    this.#options = options
    this.#findEndpoint = findEndpoint
  }

  async find(token: string): Promise<Json | undefined> {
    const key = await sha256(token)
    const answer = this.#findFresh(this.#known, key) ?? (await this.#ask(key, token))
    return answer.active === true ? answer : undefined
  }

  #findFresh<T>(asked: ReadonlyMap<string, Asked<T>>, key: string): T | undefined {
    const { freshnessSeconds = DEFAULT_FRESHNESS_SECONDS } = this.#options
    const { answer, askedAtMs = 0 } = asked.get(key) ?? {}
    return findAgeMs(askedAtMs, this.#access.nowMs()) < freshnessSeconds * 1000 ? answer : undefined
  }

  async #ask(key: string, token: string): Promise<Json> {
    // An answer that is long on its way may be from before a revocation.
    const running = this.#findFresh(this.#asking, key)
    if (running !== undefined) return await running
    const asked = { answer: this.#fetch(key, token), askedAtMs: this.#access.nowMs() }
    this.#asking.set(key, asked)
    try {
      return await asked.answer
    } finally {
      if (this.#asking.get(key) === asked) this.#asking.delete(key)
    }
  }

  async #fetch(key: string, token: string): Promise<Json> {
    const { maxEntries = 10_000 } = this.#options
    // Freshness counts from the request, not from the response.
    const askedAtMs = this.#access.nowMs()
    const init = {
      method: 'POST',
      headers: {
        authorization: renderBasic(this.#options),
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
    }
    const url = await this.#findEndpoint()
    const answer = await requestJson(this.#access, { name: 'introspection', url, init })
    if (answer === undefined)
      throw new ServerUnreachable('the introspection endpoint refused the credentials of the API')
    this.#known.delete(key)
    this.#known.set(key, { answer, askedAtMs })
    evictOldest(this.#known, maxEntries)
    return answer
  }
}
