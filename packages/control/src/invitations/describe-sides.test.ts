// What an invitation tells the other company: the connection or the client that it is about, and nothing beside it.
import { zAuthorizationServer, zConnection, zResourceApp } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { describeConnection, describeTrust } from './describe-sides.ts'

const API = { id: 'https://api.test', scopes: ['read', 'write'] }
const OTHER = { id: 'https://other.test', scopes: ['read'] }

describe('an identity provider', () => {
  const resourceApp = zResourceApp.parse({
    ...{ id: 'vendor', name: 'Vendor', issuer: 'https://as.test', resources: [API, OTHER] },
  })
  const world = {
    apps: new Map([['agent0', { definition: { id: 'agent0', name: 'Agent0' } }]]),
    'resource-apps': new Map([['vendor', { definition: resourceApp }]]),
  }
  const invite = (change: object) =>
    describeConnection(
      world as never,
      zConnection.parse({
        ...{ id: 'k', app: 'agent0', resourceApp: 'vendor', clientId: 'agent0-there' },
        ...{ resources: [API.id], scopes: ['read'], ...change },
      }),
      'https://idp.test',
    )

  it('names only the resources and scopes of the connection', () => {
    expect(invite({})).toMatchObject({
      app: { clientId: 'agent0-there' },
      authorizationServer: { resources: [{ id: API.id, scopes: ['read'] }] },
    })
    expect(invite({ resources: [OTHER.id] })).toMatchObject({
      authorizationServer: { resources: [OTHER] },
    })
  })

  it.each([
    ['client id', { clientId: undefined }],
    ['resource', { resources: [] }],
  ])('invites to nothing without a %s', (what, change) =>
    expect(invite(change)).toContain(`The connection has no ${what}`),
  )
})

describe('an authorization server', () => {
  const server = zAuthorizationServer.parse({
    ...{ id: 'vendor', issuer: 'https://as.test/as/vendor', resources: [API] },
    trustedIssuers: [{ issuer: 'https://idp.test', subject: ['iss_sub', 'email'], emailDomains: ['a.test'] }],
  })
  const clients = [{ id: 'agent0-there', name: 'Agent0', auth: { method: 'none' } }]
  const invite = (change: object, about: object = {}) =>
    describeTrust({ ...server, clients, ...change } as never, {
      ...{ clientId: 'agent0-there', issuer: 'https://idp.test' },
      ...about,
    })

  it('asks for the claims by which it finds users, besides the subject', () => {
    expect(invite({})).toMatchObject({ claims: ['email'], authorizationServer: { resources: [API] } })
  })

  it.each([
    ['an issuer that it does not trust', {}, { issuer: 'https://x.test' }, 'does not trust https://x.test'],
    ['a client that it does not have', {}, { clientId: 'x' }, 'has no client x'],
    ['no resource', { resources: [] }, {}, 'has no resource'],
  ])('does not invite for %s', (_, change, about, why) => expect(invite(change, about)).toContain(why))

  it('invites a client that describes itself', () => {
    const clientId = 'https://app.test/client.json'
    expect(invite({}, { clientId })).toMatchObject({
      app: { clientId, auth: { method: 'metadata_document' } },
    })
  })
})
