// A small API for `flow run`: accepts access tokens of one authorization server, and sends a challenge otherwise.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createRemoteJWKSet, jwtVerify } from 'jose'

export interface Api {
  readonly url: string
  stop(): Promise<void>
}

export async function startApi({
  jwksUri,
  audience,
}: {
  readonly jwksUri: () => string
  readonly audience: string
}): Promise<Api> {
  const server = createServer((request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const refuse = (challenge: string) => response.writeHead(401, { 'www-authenticate': challenge }).end()
    if (token === undefined) return void refuse('Bearer')
    void jwtVerify(token, createRemoteJWKSet(new URL(jwksUri())), { audience, typ: 'at+jwt' }).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      () => refuse('Bearer error="invalid_token"'),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
