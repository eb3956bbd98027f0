import { refuse } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { openInvitation } from './open-invitation.ts'

const NOW = 1_800_000_000
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const invitation = {
  identityProvider: { issuer: 'https://idp.test' },
  authorizationServer: {
    issuer: 'https://as.test',
    resources: [{ id: 'https://todo.test/mcp', scopes: ['todos.read'] }],
  },
  app: { name: 'Agent0', clientId: 'agent0', auth: { method: 'none' } },
  resourceApp: { name: 'Todo0' },
  claims: [],
}

const open = (claims: object, typ = 'crosswalk-invitation+jwt') =>
  openInvitation(
    [
      encode({ alg: 'ES256', typ }),
      encode({ iss: 'https://idp.test', jti: 'inv_1', iat: NOW, exp: NOW + 60, invitation, ...claims }),
      'AAAA',
    ].join('.'),
    {
      clock: { nowMs: () => NOW * 1000 },
      fetch: {
        fetchJson: async () => refuse({ reason: 'unreachable' as const }),
        close: async () => undefined,
      },
    },
  )

it.each([
  ['valid', NOW, NOW + 60, 'cannot be used'],
  ['expired', NOW - 120, NOW - 60, 'The invitation expired at'],
  ['over this second', NOW - 60, NOW, 'The invitation expired at'],
  ['over the next second', NOW - 60, NOW + 1, 'cannot be used'],
  ['ahead by as much as clocks differ', NOW + 60, NOW + 120, 'cannot be used'],
  ['ahead by more', NOW + 61, NOW + 120, 'invalid times'],
  ['thirty days apart', NOW, NOW + 30 * 86_400, 'cannot be used'],
  ['more than thirty days apart', NOW, NOW + 30 * 86_400 + 1, 'invalid times'],
  ['before the first date', -9_007_199_254_740_991, -9_007_199_254_740_990, 'cannot read the format'],
  ['too far ahead', NOW, 9_007_199_254_740_991, 'invalid times'],
  ['text', String(NOW), String(NOW + 60), 'cannot read the format'],
])('an invitation whose times are %s', async (_, iat, exp, reason) => {
  expect(await open({ iat, exp })).toEqual({ accepted: false, refusal: expect.stringContaining(reason) })
})

it('another token of the issuer is no invitation, whatever its claims', async () => {
  const refusal = 'This is not an invitation.'
  expect(await open({}, 'at+jwt')).toEqual({ accepted: false, refusal })
})

it.each([
  [{ iss: 'https://as.test' }, 'The keys of https://as.test cannot be used'],
  [{ iss: 'https://other.test' }, 'https://other.test signed the invitation but is not a party'],
])('an invitation by %j', async (claims, reason) => {
  expect(await open(claims)).toEqual({ accepted: false, refusal: expect.stringContaining(reason) })
})

it.each([
  ['reverses the text around it', 'Agent0\u202e'],
  ['has a line break', 'Agent0\nverified'],
])('an invitation with a name that %s', async (_, name) => {
  for (const part of [{ app: { ...invitation.app, name } }, { resourceApp: { name } }, { contact: name }])
    expect(await open({ invitation: { ...invitation, ...part } })).toEqual({
      accepted: false,
      refusal: expect.stringContaining('cannot read the format'),
    })
})

it('a long invitation is read like any other', async () => {
  const resources = Array.from({ length: 100 }, (_, index) => ({
    id: `https://todo.test/mcp/${'x'.repeat(150)}/${index}`,
    scopes: ['todos.read', 'todos.write'],
  }))
  const { authorizationServer } = invitation
  expect(
    await open({
      invitation: { ...invitation, authorizationServer: { ...authorizationServer, resources } },
    }),
  ).toEqual({ accepted: false, refusal: expect.stringContaining('cannot be used') })
})
