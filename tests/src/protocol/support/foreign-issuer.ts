// An identity provider of another company: a key of its own, ID-JAGs bent as a test likes, and optionally documents on loopback.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

import { AGENT_AT_VENDOR, TODO } from '../../support/company.ts'

type Claims = Readonly<Record<string, unknown>>

export interface TestKey {
  readonly kid: string
  readonly algorithm: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

export async function makeKey(kid: string, algorithm = 'ES256'): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  return {
    kid,
    algorithm,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' },
  }
}

/** Signs whatever claims it is given; an undefined one is left out. */
export function signJwt(
  { kid, algorithm, privateKey }: TestKey,
  claims: Claims,
  header: Claims = {},
): Promise<string> {
  return new SignJWT(JSON.parse(JSON.stringify(claims)) as Record<string, unknown>)
    .setProtectedHeader({ alg: algorithm, kid, ...header })
    .sign(privateKey)
}

export const idJagHeader = { typ: 'oauth-id-jag+jwt' } as const

/** A good ID-JAG of `issuer` for alice at the vendor of `world`, changed as told. */
export function idJagClaims(
  { baseUrl, clock }: { readonly baseUrl: string; readonly clock: { nowMs(): number } },
  issuer: string,
  change: Claims = {},
): Claims {
  const now = Math.floor(clock.nowMs() / 1000)
  return {
    iss: issuer,
    sub: 'alice',
    aud: `${baseUrl}/as/vendor`,
    client_id: AGENT_AT_VENDOR.id,
    resource: TODO,
    scope: 'todos.read',
    jti: randomUUID(),
    iat: now,
    exp: now + 290,
    ...change,
  }
}

export interface DocumentServer {
  readonly origin: string
  /** Paths that were asked for */
  readonly hits: readonly string[]
  stop(): Promise<void>
}

/** Answers with what `documents` gives for a path, 404 otherwise; asked again for each request. */
export async function serveDocuments(
  documents: (path: string, origin: string) => unknown,
): Promise<DocumentServer> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    hits.push(path)
    const document = documents(path, origin)
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    hits,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
