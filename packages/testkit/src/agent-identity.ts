// Who an agent of a world is at the servers: by a secret of its own at each, or by one key at all of them.
import { generateKeyPairSync } from 'node:crypto'

import { type ClientAuth, clientSecret, privateKeyJwt } from '@crosswalk/client'

/** A requesting app by its id: with a secret of its own at each server, or with one private key at all of them. */
export type AgentOption = string | { readonly id: string; readonly auth: 'private_key_jwt' }

/** The secret of an app at one server; another at each, as it should be. */
export const secretOf = (clientId: string): string => `secret of ${clientId}`

type Registration =
  | { readonly method: 'client_secret_basic'; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly jwks: { readonly keys: Record<string, unknown>[] } }

export interface AgentIdentity {
  readonly id: string
  /** Whether one registration serves at every server */
  readonly sameEverywhere: boolean
  /** Private key as JSON of a JWK, where it has one */
  readonly key?: string
  clientIdAt(resource: string): string
  /** What a server is told about the client of this id */
  register(clientId: string): Registration
  /** How the client of this id proves who it is */
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
