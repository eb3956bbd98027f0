// DPoP proofs and client assertions, good ones unless a test bends them.
import { randomUUID } from 'node:crypto'

import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

import { signJwt, type TestKey } from './foreign-issuer.ts'

type Claims = Readonly<Record<string, unknown>>

export async function makeDpopKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    jwk,
    jkt: await calculateJwkThumbprint(jwk),
    prove: (url: string, change: Claims = {}) =>
      new SignJWT({ htm: 'POST', htu: url, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...change })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey),
  }
}

export interface AssertionWish {
  readonly clientId: string
  readonly audience: string
  readonly key: TestKey
  readonly claims?: Claims
  readonly header?: Claims
}

export function makeClientAssertion({
  clientId,
  audience,
  key,
  claims,
  header,
}: AssertionWish): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const good = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now, exp: now + 120 }
  return signJwt(key, { ...good, ...claims }, { typ: 'client-authentication+jwt', ...header })
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
