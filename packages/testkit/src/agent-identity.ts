// How an agent of a world authenticates at the servers: with a separate secret at each, or with one key at all of them.
import { generateKeyPairSync } from 'node:crypto'

import { type ClientAuth, clientSecret, privateKeyJwt } from '@crosswalk/client'

/** A requesting app by its id: with a separate secret at each server, or with one private key at all of them. */
export type AgentOption = string | { readonly id: string; readonly auth: 'private_key_jwt' }

/** The secret of an app at one server; it differs between servers, as in production. */
export const secretOf = (clientId: string): string => `secret of ${clientId}`

type Registration =
  | { readonly method: 'client_secret_basic'; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly jwks: { readonly keys: Record<string, unknown>[] } }

export interface AgentIdentity {
  readonly id: string
  /** Whether every server has the same registration */
  readonly sameEverywhere: boolean
  /** Private key as JWK JSON, if it has one */
  readonly key?: string
  clientIdAt(resource: string): string
  register(clientId: string): Registration
  authenticate(clientId: string): ClientAuth
}

export function createAgentIdentity(option: AgentOption): AgentIdentity {
  return typeof option === 'string' ? withSecrets(option) : withKey(option.id)
}

function withSecrets(id: string): AgentIdentity {
  return {
    id,
    sameEverywhere: false,
    clientIdAt: (resource) => `${id}-at-${resource}`,
    register: (clientId) => ({ method: 'client_secret_basic', secret: secretOf(clientId) }),
    authenticate: (clientId) => clientSecret(secretOf(clientId)),
  }
}

function withKey(id: string): AgentIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { alg: 'ES256', kid: 'agent' }
  const key = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...named })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), ...named }] }
  return {
    id,
    sameEverywhere: true,
    key,
    clientIdAt: () => id,
    register: () => ({ method: 'private_key_jwt', jwks }),
    authenticate: () => privateKeyJwt(key),
  }
}
