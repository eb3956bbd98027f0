// The configuration of the measured server: everything but two servers and a token is in its database.
import { randomBytes } from 'node:crypto'

import { createIssuer } from '../world/issuer.ts'

export function createServerConfiguration(database: string) {
  const token = randomBytes(24).toString('hex')
  const { issuer, publicJwk } = createIssuer('https://idp.acme.test')
  const configure = (port: number): object => ({
    baseUrl: `http://127.0.0.1:${port}`,
    listen: { host: '127.0.0.1', port, drainSeconds: 0 },
    database,
    admin: { token },
    idp: {},
    authorizationServers: [
      { id: 'todo0', trustedIssuers: [{ issuer, jwks: { keys: [publicJwk] }, provisioning: 'jit' }] },
    ],
  })
  return { token, configure }
}
