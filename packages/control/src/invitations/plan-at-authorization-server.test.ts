import type { Invitation } from '@crosswalk/admin-api'
import { zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { planAtAuthorizationServer } from './plan-at-authorization-server.ts'

const ISSUER = 'https://as.test/as/vendor'
const CLIENT = { id: 'agent0', name: 'Agent ${0}', auth: { method: 'client_secret_basic', secretHash: 'h' } }

function plan(server: object, invited: Partial<Invitation>, wishes: object = {}) {
  const { clients = [], ...rest } = server as { readonly clients?: readonly object[] }
  const definition = zAuthorizationServer.parse({ id: 'vendor', issuer: ISSUER, ...rest })
  const withClients = { ...definition, clients }
  const world = { 'authorization-servers': new Map([['vendor', { definition: withClients }]]) }
  const parts = { directory: { current: () => ({ world }) }, configuration: { baseUrl: 'https://as.test' } }
  const invitation = {
    identityProvider: { issuer: 'https://idp.test' },
    app: { name: 'Agent0', clientId: 'agent0', auth: { method: 'client_secret_basic' } },
    resourceApp: { name: 'Vendor' },
    authorizationServer: {
      issuer: ISSUER,
      resources: [{ id: 'https://api.test', scopes: ['read', 'write'] }],
    },
    claims: ['email', 'aud_sub'],
    ...invited,
  } as Invitation
  const all = { provisioning: 'none', emailDomains: [], ...wishes } as never
  const planned = planAtAuthorizationServer(parts as never, invitation, all)
  const [only] = (planned?.document as { authorizationServers?: Record<string, unknown>[] } | undefined)
    ?.authorizationServers ?? [undefined]
  return { ...planned, server: only }
}

it('matches users by e-mail only for domains given here', () => {
  const subjects = (wishes: object, claims = ['email', 'aud_sub']) =>
    plan({}, { claims }, wishes).server?.['trustedIssuers']
  expect(subjects({})).toMatchObject([{ subject: ['iss_sub'] }])
  expect(subjects({ emailDomains: ['acme.test'] })).toMatchObject([
    { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] },
  ])
  expect(subjects({ emailDomains: ['acme.test'] }, [])).toMatchObject([{ subject: ['iss_sub'] }])
})

it('never lets the other side name users by own ids, and says so', () => {
  const note = expect.stringMatching(/^Its ID-JAGs name users by your own ids \(aud_sub\), which are ignored/)
  const trusted = { trustedIssuers: [{ issuer: 'https://idp.test', subject: ['iss_sub', 'aud_sub'] }] }
  expect(plan({}, {}).notes).toContainEqual(note)
  expect(plan({}, { claims: ['email'] }).notes).not.toContainEqual(note)
  expect(plan(trusted, {}).notes).not.toContainEqual(note)
  expect(plan(trusted, {}).server?.['trustedIssuers']).toMatchObject(trusted.trustedIssuers)
})

it('keeps existing trust, clients and secrets', () => {
  const kept = plan(
    {
      trustedIssuers: [{ issuer: 'https://idp.test', provisioning: 'external' }],
      clients: [CLIENT],
      resources: [{ id: 'https://api.test', scopes: ['read'] }],
    },
    {},
  )
  expect(kept.secret).toBeUndefined()
  expect(kept.server).toMatchObject({
    trustedIssuers: [{ provisioning: 'external' }],
    clients: [
      { id: 'agent0', name: 'Agent ${0}', auth: { method: 'client_secret_basic', secret: undefined } },
    ],
  })
  expect(kept.notes).toEqual([
    'https://api.test lacks these scopes, so they are never granted: write.',
    'https://idp.test is already trusted here; its settings are kept.',
    'Client agent0 already exists here and is kept.',
  ])
})

it('adds another tenant of a trusted issuer', () => {
  const trusted = { trustedIssuers: [{ issuer: 'https://idp.test', tenant: 'a' }] }
  const invited = { identityProvider: { issuer: 'https://idp.test', tenant: 'b' } }
  expect(plan(trusted, invited).server?.['trustedIssuers']).toMatchObject([{ tenant: 'a' }, { tenant: 'b' }])
})

it('allows the metadata document of a client without registering it', () => {
  const clientId = 'https://agent0.test/client.json'
  const app = { name: 'Agent0', clientId, auth: { method: 'metadata_document' as const } }
  const { server, secret, notes } = plan({ clientMetadata: { allow: ['other.test'] } }, { app, claims: [] })
  expect([server?.['clients'], secret]).toEqual([[], undefined])
  expect(server?.['clientMetadata']).toEqual({ allow: ['other.test', clientId] })
  expect(notes).toEqual([
    'Resource https://api.test is not defined here: tokens for it will be denied.',
    'Users without an account here are denied: import their accounts, or allow provisioning.',
  ])
})

it('plans nothing for another authorization server', () => {
  const authorizationServer = { issuer: 'https://as.test/as/other', resources: [] }
  expect(plan({}, { authorizationServer }).document).toBeUndefined()
})

it('adds a client that redeems only ID-JAGs of the identity provider that invited it', () => {
  const { server, secret, notes } = plan({}, {})
  expect(server?.['clients']).toMatchObject([
    { id: 'agent0', auth: { method: 'client_secret_basic', secret }, issuers: ['https://idp.test'] },
  ])
  expect(secret).toEqual(expect.any(String))
  expect(notes).not.toContainEqual(expect.stringContaining('already exists'))
})
