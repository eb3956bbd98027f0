// Which access tokens end when an authorization server no longer trusts an issuer, or no longer serves a client.
import { zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { revokeLostTrust } from './revoke-lost-trust.ts'

const [ACME, OTHER] = [{ issuer: 'https://acme.test' }, { issuer: 'https://other.test', tenant: 'o1' }]
const CLIENT = { id: 'agent', auth: { method: 'client_secret_basic', secret: 'a secret of the client' } }
const WHOLE = { trustedIssuers: [ACME, OTHER], clients: [CLIENT] }

const serve = (change: object) =>
  ({
    issuer: 'https://as.test',
    ...zAuthorizationServer.parse({ id: 'vendor', ...WHOLE, ...change }),
  }) as never

const ANY = { issuer: OTHER.issuer }
const ONLY_O1 = { issuer: OTHER.issuer, exceptTenants: ['o1'] }
const off = (it: object) => ({ ...it, active: false })

it.each<readonly [string, object, object | undefined, readonly object[]]>([
  ['is not changed', {}, {}, []],
  ['issues shorter tokens', {}, { accessTokenTtlSeconds: 60 }, []],
  ['trusts one more issuer', { trustedIssuers: [ACME] }, {}, []],
  ['no longer trusts an issuer', {}, { trustedIssuers: [off(ACME), OTHER] }, [ACME]],
  ['drops the entry of an issuer', {}, { trustedIssuers: [ACME] }, [OTHER]],
  [
    'trusts an issuer for another tenant',
    {},
    { trustedIssuers: [ACME, { ...OTHER, tenant: 'o2' }] },
    [OTHER],
  ],
  ['trusts an issuer for any tenant', {}, { trustedIssuers: [ACME, ANY] }, []],
  ['trusts an issuer for one tenant', { trustedIssuers: [ANY] }, { trustedIssuers: [OTHER] }, [ONLY_O1]],
  [
    'keeps only one tenant',
    { trustedIssuers: [ANY, OTHER] },
    { trustedIssuers: [OTHER, off(ANY)] },
    [ONLY_O1],
  ],
  [
    'drops an entry that was inactive',
    { trustedIssuers: [ACME, off(OTHER)] },
    { trustedIssuers: [ACME] },
    [],
  ],
  ['no longer serves a client', {}, { clients: [off(CLIENT)] }, [{ clientId: 'agent' }]],
  [
    'no longer accepts an issuer from a client',
    {},
    { clients: [{ ...CLIENT, issuers: [ACME.issuer] }] },
    [{ clientId: 'agent', issuer: OTHER.issuer }],
  ],
  [
    'accepts more issuers from a client',
    { clients: [{ ...CLIENT, issuers: [ACME.issuer] }] },
    { clients: [{ ...CLIENT, issuers: [OTHER.issuer, ACME.issuer] }] },
    [],
  ],
  [
    'no longer offers the code flow',
    { authorizationCode: {} },
    { authorizationCode: undefined },
    [{ grantType: 'authorization_code' }],
  ],
  ['offers the code flow from now on', {}, { authorizationCode: {} }, []],
  ['drops a client', {}, { clients: [] }, [{ clientId: 'agent' }]],
  [
    'drops the second of two clients',
    { clients: [CLIENT, { ...CLIENT, id: 'second' }] },
    { clients: [CLIENT] },
    [{ clientId: 'second' }],
  ],
  ['is removed', {}, undefined, [{}]],
])('a server that %s', async (_, before, after, expected) => {
  const asked: unknown[] = []
  const revoker = { revokeSelected: async (selectors: readonly unknown[]) => (asked.push(...selectors), 0) }
  const change = { before: serve(before), after: after && serve({ ...before, ...after }) }
  const storage = { consents: { forgetClient: async () => {} } }
  await revokeLostTrust({ revoker, storage } as never, systemContext('a change'), change)
  const twice = [...expected, ...expected].map((one) => ({ authorizationServer: 'vendor', ...one }))
  expect(asked).toEqual(twice)
})

it('a server that is new revokes nothing', async () => {
  const change = { before: undefined, after: serve({}) }
  await expect(revokeLostTrust({} as never, systemContext('a change'), change)).resolves.toBeUndefined()
})
