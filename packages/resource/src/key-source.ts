// The public keys of the issuer: configured, or fetched and cached. A token with an unknown `kid` triggers another
// fetch, but within a limit, so that invented kids cannot make us flood the issuer. An unreachable issuer is tried once
// a second, however many requests wait for its keys.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

import { findAgeMs, requestJson, type ServerAccess, ServerUnreachable, SharedLoad } from './server-access.ts'

const MAX_AGE_MS = 600_000
/** How long cached keys are used while the issuer is unreachable */
const MAX_STALE_MS = 3_600_000
const MIN_INTERVAL_MS = 10_000

interface Keys {
  readonly find: JWTVerifyGetKey
  readonly fetchedAtMs: number
}

export class KeySource {
  readonly #access: ServerAccess
  readonly #findUri: () => Promise<string>
  #keys: Keys | undefined
  readonly #loading: SharedLoad<Keys>

  constructor(access: ServerAccess, findUri: () => Promise<string>) {
    this.#access = access
    this.#findUri = findUri
    this.#loading = new SharedLoad('the keys', access.nowMs, () => this.#fetch())
  }

  /**
   * For jose: finds the key that a token names
   * @throws ServerUnreachable, or jose's error if there is no such key
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current()
    try {
      return await keys.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayAsk()) throw error
      return await (await this.#loading.run()).find(header, token)
    }
  }

  async #current(): Promise<Keys> {
    const keys = this.#keys
    const ageMs =
      keys === undefined ? Number.POSITIVE_INFINITY : findAgeMs(keys.fetchedAtMs, this.#access.nowMs())
    if (keys !== undefined && ageMs < MAX_AGE_MS) return keys
    if (keys === undefined || ageMs >= MAX_STALE_MS) return await this.#loading.runUnlessFailed()
    return this.#mayAsk() ? await this.#loading.run().catch(() => keys) : keys
  }

  #mayAsk(): boolean {
    return this.#loading.isDue(MIN_INTERVAL_MS)
  }

  async #fetch(): Promise<Keys> {
    const uri = await this.#findUri()
    const json = await requestJson(this.#access, {
      name: 'keys',
      url: uri,
      init: { headers: { accept: 'application/json' } },
    })
    const find = createKeyFinder(json)
    if (find === undefined) throw new ServerUnreachable(`${uri} serves no keys`)
    this.#keys = { find, fetchedAtMs: this.#access.nowMs() }
    return this.#keys
  }
}

/** @returns undefined if it is not a JWKS */
export function createKeyFinder(jwks: unknown): JWTVerifyGetKey | undefined {
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet)
  } catch {
    return undefined
  }
}
