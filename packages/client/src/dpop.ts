// Proof of possession (RFC 9449) for clients: one key per session, a fresh proof per request, and nonces per server
// (DPOP-14, DPOP-15).
import { evictOldest, JWT_TYP } from '@crosswalk/protocol'
import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

import { randomId } from './client-auth.ts'
import { cleanUrl } from './runtime.ts'

export interface ProofRequest {
  readonly method: string
  readonly url: string
  readonly nonce?: string | undefined
  /** For a resource: the token that the proof accompanies */
  readonly accessToken?: string
}

export interface DpopKey {
  /** JWK thumbprint (RFC 7638) */
  readonly jkt: string
  prove(request: ProofRequest): Promise<string>
}

/** Creates a key whose private part cannot be exported. */
export async function createDpopKey(nowMs: () => number): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const jkt = await calculateJwkThumbprint(jwk)
  return {
    jkt,
    prove: async ({ method, url, nonce, accessToken }) => {
      const claims = {
        jti: randomId(),
        htm: method,
        htu: new URL(cleanUrl(url)).href,
        ...(nonce === undefined ? {} : { nonce }),
        ...(accessToken === undefined ? {} : { ath: await hashToken(accessToken) }),
      }
      return await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: JWT_TYP.dpopProof, jwk })
        .setIssuedAt(Math.floor(nowMs() / 1000))
        .sign(privateKey)
    },
  }
}

async function hashToken(token: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return base64url.encode(new Uint8Array(hash))
}

const MAX_SERVERS = 1000

/** The newest nonce of each server, by issuer or resource: a nonce is only valid at its own server. */
export class Nonces {
  readonly #byServer = new Map<string, string>()

  find(server: string): string | undefined {
    return this.#byServer.get(server)
  }

  /** @returns whether the response contained a nonce */
  remember(server: string, headers: Headers): boolean {
    const nonce = headers.get('dpop-nonce')
    if (nonce === null || nonce === '' || nonce.length > 1024) return false
    this.#byServer.delete(server)
    this.#byServer.set(server, nonce)
    evictOldest(this.#byServer, MAX_SERVERS)
    return true
  }
}
