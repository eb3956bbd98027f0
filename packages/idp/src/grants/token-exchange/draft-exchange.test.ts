import { TOKEN_TYPE, zResourceApp } from '@crosswalk/protocol'
import { expect, test, vi } from 'vitest'

import { draftExchange } from './draft-exchange.ts'
import { createTokenExchange } from './token-exchange-grant.ts'

const ASSERTION = {
  ...{ id: '_a', issuer: 'https://corp.test', notOnOrAfter: 2000, authnStatements: [] },
  confirmations: [{ method: 'bearer', notOnOrAfter: 2000 }],
}
const GRANTED = { client_id: 'agent0', scope: ['openid'], lifetime_seconds: 300 }

function draft({ cnf, endsAt }: { cnf?: object; endsAt?: number }) {
  const issueRefreshToken = vi.fn(async () => 'a refresh token')
  const signIn = {
    userId: 'usr_ann',
    authTime: 1000,
    acr: 'pwd',
    ...(endsAt === undefined ? {} : { endsAt }),
  }
  const subject = { kind: 'saml', token: { state: 'verified', assertion: ASSERTION }, signIn }
  const request = { requestedTokenType: TOKEN_TYPE.refreshToken, subjectTokenType: TOKEN_TYPE.saml2 }
  const drafted = draftExchange(
    { granted: { ...GRANTED, ...(cnf && { cnf }) } } as never,
    {
      deps: { signIn: { issueRefreshToken } },
      facts: { subject, request },
      snapshot: { issuer: 'https://idp.test', clockSkewSeconds: 30 },
    } as never,
  )
  return { drafted, issueRefreshToken }
}

test.each([
  [{}, { dpopThumbprint: undefined, endsInSeconds: undefined }],
  [{ cnf: { jkt: 'key' } }, { dpopThumbprint: 'key', endsInSeconds: undefined }],
  [{ endsAt: 1300 }, { dpopThumbprint: undefined, endsInSeconds: 300 }],
])(
  'a refresh token for an assertion is bound to its key, and ends with its sign-in: %j',
  async (given, bound) => {
    const { drafted, issueRefreshToken } = draft(given)
    const { access_token } = (await drafted.issue()) as unknown as Record<string, unknown>
    expect(access_token).toBe('a refresh token')
    expect(issueRefreshToken).toHaveBeenCalledExactlyOnceWith({
      ...{ userId: 'usr_ann', clientId: 'agent0', scope: ['openid'], authTime: 1000, acr: 'pwd', ...bound },
    })
  },
)

test('an assertion is used once, whatever it is exchanged for', () => {
  expect(draft({}).drafted.replayKeys).toMatchObject([{ kind: 'saml' }])
})

test('an ID-JAG for an access token is not sent if it could not be linked to the token', async () => {
  const addDescent = async () => {
    throw new Error('the database is away')
  }
  const resourceApp = zResourceApp.parse({ id: 'todo0', name: 'Todo0', issuer: 'https://as.test' })
  const token = { authorizationServer: 'todo0', id: 'tok_1', chain: { expires_at: 1000 } }
  const drafted = draftExchange(
    { granted: { ...GRANTED, resource: [], subject: {} }, resolution: { resource_app: 'todo0' } } as never,
    {
      deps: {
        signingKeys: { current: () => ({ kid: 'k', signJws: async () => 'an ID-JAG' }) },
        issuedTokens: { addDescent },
      },
      facts: {
        ...{ request: {}, user: { id: 'usr_ann', attributes: {} }, nowMs: 0 },
        subject: { kind: 'access_token', token, signIn: { userId: 'usr_ann' } },
      },
      snapshot: { issuer: 'https://idp.test', resourceApps: new Map([['todo0', resourceApp]]) },
    } as never,
  )
  await expect(drafted.issue()).rejects.toThrow('the database is away')
})

test('is observed again when definitions change meanwhile', () => {
  expect(createTokenExchange({} as never).observesDefinitions).toBe(true)
})
