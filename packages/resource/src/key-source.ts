// The public keys of the issuer: given, or fetched and kept. A token with an unknown `kid` makes us look once more,
// but never more often than the budget allows, so that invented kids cannot make us flood the issuer. An issuer that is down
// is asked once a second, however many requests wait for its keys.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

import { requestJson, type ServerAccess, ServerUnreachable } from './server-access.ts'

const MAX_AGE_MS = 600_000
/** How long keys serve when the issuer cannot be reached to renew them */
const MAX_STALE_MS = 3_600_000
const MIN_INTERVAL_MS = 10_000
/** Between failed loads while there are no keys to serve with: short, since every request fails meanwhile */
const RETRY_INTERVAL_MS = 1_000

interface Keys {
  readonly find: JWTVerifyGetKey
  readonly fetchedAtMs: number
}

export class KeySource {
  readonly #access: ServerAccess
  readonly #findUri: () => Promise<string>
  #keys: Keys | undefined
  #loading: Promise<Keys> | undefined
  #askedAtMs = Number.NEGATIVE_INFINITY
  /** Why the last load failed */
  #fault: unknown

  constructor(access: ServerAccess, findUri: () => Promise<string>) {
    this.#access = access
    this.#findUri = findUri
  }

  /** For jose: finds the key a token names; @throws ServerUnreachable, or jose's error where there is no such key */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current()
    try {
      return await keys.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayAsk()) throw error
      return await (await this.#load()).find(header, token)
    }
  }

  async #current(): Promise<Keys> {
    const keys = this.#keys
    const ageMs = keys === undefined ? Number.POSITIVE_INFINITY : this.#access.nowMs() - keys.fetchedAtMs
    if (keys !== undefined && ageMs < MAX_AGE_MS) return keys
    if (keys === undefined || ageMs >= MAX_STALE_MS) return await this.#loadMissing()
    return this.#mayAsk() ? await this.#load().catch(() => keys) : keys
  }

  #mayAsk(): boolean {
    return this.#loading !== undefined || this.#access.nowMs() - this.#askedAtMs >= MIN_INTERVAL_MS
  }

  /** @throws ServerUnreachable without asking, where the last load failed a moment ago */
  async #loadMissing(): Promise<Keys> {
    const isTooSoon = Math.abs(this.#access.nowMs() - this.#askedAtMs) < RETRY_INTERVAL_MS
    if (this.#loading === undefined && this.#fault !== undefined && isTooSoon)
      throw new ServerUnreachable('the keys could not be fetched a moment ago', { cause: this.#fault })
    return await this.#load()
  }

  async #load(): Promise<Keys> {
    this.#loading ??= this.#fetch()
      .catch((fault: unknown) => {
        this.#fault = fault
        throw fault
      })
      .finally(() => (this.#loading = undefined))
    return await this.#loading
  }

  async #fetch(): Promise<Keys> {
    this.#askedAtMs = this.#access.nowMs()
    const uri = await this.#findUri()
    const json = await requestJson(this.#access, {
      name: 'keys',
      url: uri,
      init: { headers: { accept: 'application/json' } },
    })
    const find = createKeyFinder(json)
    if (find === undefined) throw new ServerUnreachable(`${uri} serves no keys`)
    this.#fault = undefined
    this.#keys = { find, fetchedAtMs: this.#access.nowMs() }
    return this.#keys
  }
}

/** @returns undefined for what is no JWKS */
export function createKeyFinder(jwks: unknown): JWTVerifyGetKey | undefined {
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet)
  } catch {
    return undefined
  }
}
