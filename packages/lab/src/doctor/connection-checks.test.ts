import { expect, it, test } from 'vitest'

import { CONNECTION_CHECKS, type ConnectionEvidence } from './connection-checks.ts'
import { runChecks } from './finding.ts'
import { buildModel } from './own-server.ts'

const RESOURCE = 'https://todo.example/mcp'
const good: ConnectionEvidence = {
  idp: 'https://idp.example',
  connection: {
    id: 'con',
    clientId: 'agent-there',
    resources: [RESOURCE],
    scopes: ['read'],
    status: 'active',
  },
  appAuth: 'private_key_jwt',
  resourceApp: { id: 'todo', issuer: 'https://as.example', tenant: 'acme' },
  server: {
    id: 'as',
    trustedIssuers: [{ issuer: 'https://idp.example', tenant: 'acme', active: true }],
    clients: [{ id: 'agent-there', active: true }],
    resources: [{ id: RESOURCE, scopes: ['read', 'write'] }],
  },
}
const { server } = good
const trusting = (issuer: string, active = true) => ({
  ...good,
  server: { ...server, trustedIssuers: [{ issuer, active, tenant: 'acme' }] },
})

test.each<[string, ConnectionEvidence, string]>([
  ['everything in agreement', good, ''],
  ['an issuer with a slash', trusting('https://idp.example/'), 'R05 fail'],
  ['an inactive issuer', trusting('https://idp.example', false), 'R05 fail'],
  ['no trusted issuer', { ...good, server: { ...server, trustedIssuers: [] } }, 'R05 fail'],
  ['no such client', { ...good, server: { ...server, clients: [] } }, 'C03 fail'],
  [
    'an inactive client',
    { ...good, server: { ...server, clients: [{ id: 'agent-there', active: false }] } },
    'C03 fail',
  ],
  [
    'an inactive client beside an active one',
    {
      ...good,
      server: {
        ...server,
        clients: [
          { id: 'other', active: true },
          { id: 'agent-there', active: false },
        ],
      },
    },
    'C03 fail',
  ],
  [
    'a resource with a slash',
    { ...good, server: { ...server, resources: [{ id: `${RESOURCE}/`, scopes: ['read'] }] } },
    'X04 fail',
  ],
  [
    'an unknown scope',
    { ...good, server: { ...server, resources: [{ id: RESOURCE, scopes: ['write'] }] } },
    'X07 warn',
  ],
  [
    'a scope of another resource there',
    {
      ...good,
      server: {
        ...server,
        resources: [
          { id: RESOURCE, scopes: ['write'] },
          { id: 'https://notes.example', scopes: ['read'] },
        ],
      },
    },
    'X07 warn',
  ],
  [
    'a second resource that is not served there',
    { ...good, connection: { ...good.connection, resources: [RESOURCE, 'https://notes.example'] } },
    'X04 fail',
  ],
  [
    'no tenant, where one is expected',
    { ...good, resourceApp: { ...good.resourceApp, tenant: undefined } },
    'J06 fail',
  ],
  [
    'a tenant, where none is expected',
    {
      ...good,
      server: { ...server, trustedIssuers: [{ issuer: 'https://idp.example', active: true }] },
    },
    '',
  ],
  [
    'an issuer trusted for several tenants, among them this one',
    {
      ...good,
      server: {
        ...server,
        trustedIssuers: ['other', 'acme'].map((tenant) => ({ issuer: good.idp, tenant, active: true })),
      },
    },
    '',
  ],
  [
    'this tenant at another issuer, or inactive',
    {
      ...good,
      server: {
        ...server,
        trustedIssuers: [
          { issuer: 'https://other.example', tenant: 'acme', active: true },
          { issuer: good.idp, tenant: 'acme', active: false },
          { issuer: good.idp, tenant: 'other', active: true },
        ],
      },
    },
    'J06 fail',
  ],
  ['another tenant', { ...good, resourceApp: { ...good.resourceApp, tenant: 'other' } }, 'J06 fail'],
  ['a public client', { ...good, appAuth: 'none' }, 'C07 warn'],
])('a connection with %s', (_, connection, expected) => {
  const findings = runChecks(CONNECTION_CHECKS, connection, { subject: 'con' })
  const told = findings.filter(({ result }) => result === 'fail' || result === 'warn')
  expect(told.map(({ id, result }) => `${id} ${result}`).join()).toBe(expected)
})

it('finds every endpoint of a configuration once, and pairs connections with both ends here', () => {
  const { endpoints, connections } = buildModel({
    idp: good.idp,
    apps: [{ id: 'agent', auth: { method: 'private_key_jwt' } }],
    connections: [
      { ...good.connection, app: 'agent', resourceApp: 'todo' },
      { ...good.connection, id: 'foreign', app: 'agent', resourceApp: 'foreign', resources: ['urn:files'] },
    ],
    resourceApps: [
      { ...good.resourceApp, resources: [{ id: RESOURCE }] },
      { id: 'foreign', issuer: 'https://foreign.example', resources: [] },
      { id: 'unused', issuer: 'https://unused.example', resources: [] },
    ],
    authorizationServers: [
      {
        ...server,
        issuer: 'https://as.example',
        trustedIssuers: [
          ...server.trustedIssuers,
          { issuer: 'https://inline.example', jwks: {}, active: true },
        ],
      },
    ],
  })
  const { trusted = [], ...asked } = endpoints
  expect(trusted.map(({ issuer }) => issuer)).toEqual(['https://idp.example', 'https://inline.example'])
  expect(asked).toEqual({
    idps: ['https://idp.example'],
    servers: ['https://as.example', 'https://foreign.example'],
    resources: [RESOURCE],
  })
  expect(connections).toHaveLength(1)
  expect(connections[0]).toMatchObject({ connection: { id: 'con' }, appAuth: 'private_key_jwt' })
})
