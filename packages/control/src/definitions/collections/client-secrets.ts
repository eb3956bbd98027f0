// Secrets of clients inside definitions: hashes at rest, made where they are needed and not given, never shown.
import type { ClientAuthInput, ClientAuthView } from '@crosswalk/admin-api'
import { randomToken, type SecretHasher } from '@crosswalk/as-core'
import { type ClientAuth, zClientAuth, zStoredSecretAuth } from '@crosswalk/protocol'
import { z } from 'zod'

export const zStoredAuth = z.union([zStoredSecretAuth, zClientAuth])

export const NOTHING_MADE: ReadonlyMap<string, string> = new Map()

export interface PreparedAuth {
  readonly auth: ClientAuth
  readonly made: string | undefined
  readonly changed: boolean
}

/** @returns the kept form; a secret that is needed and neither given nor known is made */
export function prepareAuth(
  input: ClientAuthInput,
  previous: ClientAuth | undefined,
  hasher: SecretHasher,
): PreparedAuth {
  if (input.method === 'private_key_jwt' || input.method === 'none')
    return { auth: input, made: undefined, changed: false }
  const { method } = input
  const kept = previous !== undefined && 'secretHash' in previous ? previous.secretHash : undefined
  if (input.secret === undefined && kept !== undefined)
    return { auth: { method, secretHash: kept }, made: undefined, changed: false }
  // 256 bits: a client secret is checked with a fast hash.
  const secret = input.secret ?? randomToken() + randomToken()
  return {
    auth: { method, secretHash: hasher.hash(secret) },
    made: input.secret === undefined ? secret : undefined,
    changed: previous !== undefined,
  }
}

export function showAuth(auth: ClientAuth): ClientAuthView {
  return 'secretHash' in auth || 'secret' in auth ? { method: auth.method, hasSecret: true } : auth
}
