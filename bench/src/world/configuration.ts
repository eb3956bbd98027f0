// The configuration of the server under test: one IdP and one Resource AS in one process.
import { randomBytes } from 'node:crypto'

import type { Issuer } from './issuer.ts'

export const APP = {
  id: 'bench-app',
  secret: 'bench-app-secret-0123456789abcdef',
  redirectUri: 'http://127.0.0.1:7/cb',
}
export const CLIENT = { id: 'bench-app-at-todo0', secret: 'bench-client-secret-0123456789abcdef' }
export const USER = { username: 'alice', password: 'bench-password' }
export const RESOURCE = 'http://127.0.0.1:8/mcp'
export const SCOPE = 'todos.read todos.write'

const SCOPES = SCOPE.split(' ')
/** A realistic company around the only active user, so that lookups have entries to skip. */
const OTHER_USERS = 200
const OTHER_CONNECTIONS = 50

export function buildConfiguration(port: number, database: string, issuer: Issuer): object {
  const baseUrl = `http://127.0.0.1:${port}`
  return {
    baseUrl,
    listen: { host: '127.0.0.1', port, drainSeconds: 0 },
    database,
    admin: { token: randomBytes(24).toString('hex') },
    idp: buildIdp(baseUrl),
    authorizationServers: [
      {
        id: 'todo0',
        trustedIssuers: [{ issuer: issuer.issuer, jwks: { keys: [issuer.publicJwk] }, provisioning: 'jit' }],
        clients: [{ id: CLIENT.id, auth: basic(CLIENT.secret) }],
        resources: [{ id: RESOURCE, scopes: SCOPES }],
        replay: 'single-use',
      },
    ],
    limits: { tokenRequestsPerMinutePerClient: 0, failedSignInsPerUserBeforeDelay: 0, requestsInProgress: 0 },
  }
}

function buildIdp(baseUrl: string): object {
  const staff = { groups: ['staff'] }
  const others = Array.from({ length: OTHER_USERS }, (_, index) => ({
    id: `usr_${index}`,
    username: `user${index}`,
    groups: ['staff'],
  }))
  return {
    idTokenTtlSeconds: 3600,
    users: [{ id: 'usr_alice', ...USER, groups: ['staff'] }, ...others],
    apps: [
      {
        id: APP.id,
        name: 'Bench',
        kind: 'agent',
        redirectUris: [APP.redirectUri],
        auth: basic(APP.secret),
        assignments: { everyone: true },
      },
    ],
    resourceApps: [
      resourceApp('todo0', `${baseUrl}/as/todo0`, RESOURCE),
      ...otherNames().map((name) =>
        resourceApp(name, `https://${name}.example/as`, `https://${name}.example/`),
      ),
    ],
    connections: ['todo0', ...otherNames()].map((name) => ({
      id: `bench-${name}`,
      app: APP.id,
      resourceApp: name,
      clientId: CLIENT.id,
      resources: [name === 'todo0' ? RESOURCE : `https://${name}.example/`],
      scopes: SCOPES,
      assignments: staff,
      status: 'active',
    })),
  }
}

function resourceApp(id: string, issuer: string, resource: string): object {
  const resources = [{ id: resource, scopes: SCOPES }]
  return { id, name: id, issuer, resources, assignments: { everyone: true } }
}

function otherNames(): string[] {
  return Array.from({ length: OTHER_CONNECTIONS }, (_, index) => `other${index}`)
}

function basic(secret: string): object {
  return { method: 'client_secret_basic', secret }
}
