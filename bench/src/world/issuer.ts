// The benchmark's own issuer of ID-JAGs, trusted by the server under test, so that grants can be signed in bulk.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'

import { JWT_TYP } from '@crosswalk/protocol'

const KEY_ID = 'bench-1'
const LIFETIME_SECONDS = 290

export interface Grant {
  /** Issuer of the authorization server */
  readonly audience: string
  readonly clientId: string
  readonly resource: string
  readonly scope: string
}

export interface Issuer {
  readonly issuer: string
  readonly publicJwk: Readonly<Record<string, unknown>>
  /** Returns a new ID-JAG with a unique `jti`. */
  sign(grant: Grant): string
}

export function createIssuer(issuer: string): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const header = encode({ alg: 'ES256', kid: KEY_ID, typ: JWT_TYP.idJag })
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
  return {
    issuer,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' },
    sign: ({ audience, clientId, resource, scope }) => {
      const iat = Math.floor(Date.now() / 1000)
      const who = { iss: issuer, sub: 'bench-user', aud: audience, client_id: clientId, resource, scope }
      const input = `${header}.${encode({ ...who, jti: randomUUID(), iat, exp: iat + LIFETIME_SECONDS })}`
      return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
    },
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
