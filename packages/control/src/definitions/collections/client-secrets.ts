// Client secrets inside definitions: hashed at rest, generated if needed, never shown.
import type { ClientAuthInput, ClientAuthView } from '@crosswalk/admin-api'
import { randomToken, registerClientAuth, type SecretHasher } from '@crosswalk/as-core'
import { type ClientAuth, zClientAuth, zStoredSecretAuth } from '@crosswalk/protocol'
import { z } from 'zod'

export const zStoredAuth = z.union([zStoredSecretAuth, zClientAuth])

export const NO_SECRETS: ReadonlyMap<string, string> = new Map()

export interface PreparedAuth {
  readonly auth: ClientAuth
  readonly made: string | undefined
  readonly changed: boolean
}

/** @returns the stored form; generates a secret if one is needed and none exists */
export function prepareAuth(
  input: ClientAuthInput,
  previous: ClientAuth | undefined,
  hasher: SecretHasher,
): PreparedAuth {
  if (input.method === 'private_key_jwt' || input.method === 'none')
    return { auth: input, made: undefined, changed: false }
  const { method } = input
  const kept = previous !== undefined && 'secretHash' in previous ? previous : undefined
  const hash = preparePrevious(input, kept, hasher)
  const previousSecret = hash === undefined ? {} : { previousSecretHash: hash }
  if (input.secret === undefined && kept !== undefined && input.keepPrevious !== true)
    return {
      auth: { method, secretHash: kept.secretHash, ...previousSecret },
      made: undefined,
      changed: false,
    }
  const secret = input.secret ?? makeClientSecret()
  return {
    auth: { method, secretHash: hasher.hash(secret), ...previousSecret },
    made: input.secret === undefined ? secret : undefined,
    changed: previous !== undefined,
  }
}

/** 256 bits, because a fast hash checks it. */
export function makeClientSecret(): string {
  return randomToken() + randomToken()
}

/** The hash of the second valid secret: the one given, the one being replaced, or the existing one. */
function preparePrevious(
  { secret, previousSecret, keepPrevious }: Extract<ClientAuthInput, { secret?: unknown }>,
  kept: z.infer<typeof zStoredSecretAuth> | undefined,
  hasher: SecretHasher,
): string | undefined {
  if (previousSecret !== undefined) return hasher.hash(previousSecret)
  if (keepPrevious === true) return kept?.secretHash
  return secret === undefined && keepPrevious === undefined ? kept?.previousSecretHash : undefined
}

export function showAuth(auth: ClientAuth): ClientAuthView {
  if (!('secretHash' in auth || 'secret' in auth)) return auth
  const previous = 'secretHash' in auth ? auth.previousSecretHash : auth.previousSecret
  return {
    method: auth.method,
    hasSecret: true,
    ...(previous === undefined ? {} : { hasPreviousSecret: true }),
  }
}

/** For the configuration file, whose secrets are plain. */
export function hashClientSecret<T extends { readonly auth: ClientAuth }>(
  client: T,
  hasher: SecretHasher,
): T {
  return { ...client, auth: registerClientAuth(client.auth, hasher) }
}
