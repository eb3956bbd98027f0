// What is sent to another service, and what is accepted from it: each next to a definition that differs in that respect.
import { type OauthCredentialDefinition } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { createOauthClient } from './oauth-client.ts'

const ISSUER = 'https://service.test'
const RETURN = 'https://idp.acme.test/me/accounts/callback'
const STATE = 's'.repeat(43)
const DEFINITION = {
  kind: 'oauth',
  clientId: 'crosswalk',
  clientAuth: 'client_secret_basic',
  authorizationEndpoint: `${ISSUER}/authorize`,
  tokenEndpoint: `${ISSUER}/token`,
  scopes: ['read'],
} as unknown as OauthCredentialDefinition

function open(change: Partial<OauthCredentialDefinition> = {}, tokens: object = {}) {
  const sent: Request[] = []
  const client = createOauthClient(
    { ...DEFINITION, ...change },
    {
      secret: 'the secret',
      async fetch(input, init) {
        sent.push(new Request(input, init))
        return Response.json({ access_token: 'at', token_type: 'Bearer', ...tokens })
      },
    },
  )
  return { client, sent }
}

describe('the client secret', () => {
  it.each([
    ['client_secret_basic', null, 'Basic '],
    ['client_secret_post', 'the secret', undefined],
  ] as const)('is sent only as defined: %s', async (clientAuth, inBody, inHeader) => {
    const { client, sent } = open({ clientAuth })
    await client.refresh('rt')
    const body = new URLSearchParams(await sent[0]?.text())
    expect(body.get('client_secret')).toBe(inBody)
    expect(sent[0]?.headers.get('authorization')?.slice(0, 6)).toBe(inHeader)
  })
})

describe('a refresh', () => {
  it.each([
    ['the new refresh token', { refresh_token: 'new' }, 'new'],
    ['the same one if the service returns none', {}, 'rt'],
  ])('returns %s', async (_, tokens, refreshToken) => {
    const refreshed = await open({}, tokens).client.refresh('rt')
    expect(refreshed).toMatchObject({ accepted: true, value: { accessToken: 'at', refreshToken } })
  })
})

describe('a token response', () => {
  const REST = { accessToken: 'at', refreshToken: 'rt', expiresInSeconds: undefined }
  it.each<[object, object]>([
    [{}, REST],
    [{ expires_in: null, refresh_token: null, scope: null, id_token: null }, REST],
    [{ expires_in: '', refresh_token: '' }, REST],
    [{ expires_in: 'never', refresh_token: 7, scope: ['read'] }, REST],
    [{ expires_in: -1 }, REST],
    [{ expires_in: '1e999' }, REST],
    [{ expires_in: '3600' }, { ...REST, expiresInSeconds: 3600 }],
    // Of an issuer that the definition does not name.
    [{ id_token: 'e30.e30.e30' }, REST],
    [{ error: '' }, REST],
  ])('counts although it has %j', async (members, value) => {
    expect(await open({}, members).client.refresh('rt')).toEqual({ accepted: true, value })
  })

  it.each<[string, unknown, object]>([
    ['an error', { error: 'bad_refresh_token' }, { reason: 'declined', error: 'bad_refresh_token' }],
    [
      'an error and a token that is null',
      { access_token: null, error: 'invalid_grant' },
      { reason: 'declined', error: 'invalid_grant' },
    ],
    [
      'a temporary error',
      { error: 'slow_down' },
      { reason: 'failed', detail: expect.stringMatching(/slow_down/) },
    ],
    ['no token', {}, { reason: 'failed', detail: expect.stringMatching(/access_token/) }],
    ['a list', [], { reason: 'failed', detail: expect.stringMatching(/object/) }],
    [
      'a token for DPoP',
      { access_token: 'at', token_type: 'DPoP' },
      { reason: 'failed', detail: expect.stringMatching(/token_type/) },
    ],
  ])('of status 200 with %s is refused', async (_, body, refusal) => {
    const client = createOauthClient(DEFINITION, {
      secret: 'the secret',
      fetch: async () => Response.json(body),
    })
    expect(await client.refresh('rt')).toEqual({ accepted: false, refusal })
  })
})

describe('an access token', () => {
  it.each([
    ['~token+/=', true],
    ['x'.repeat(65_536), true],
    ['x'.repeat(65_537), false],
    ['to\r\nken', false],
    ['tokén', false],
    ['two words', true],
  ])('%# can be sent in a header, or is refused', async (accessToken, accepted) => {
    const refreshed = await open({}, { access_token: accessToken }).client.refresh('rt')
    expect(refreshed).toMatchObject(
      accepted
        ? { accepted, value: { accessToken } }
        : { accepted, refusal: { detail: expect.stringMatching(/^the access token/) } },
    )
  })

  it.each([
    [31_536_001, 31_536_000],
    [1e308, 31_536_000],
    [0, 0],
  ])('with a stated lifetime of %d seconds is refreshed after %d at the latest', async (stated, seconds) => {
    const refreshed = await open({}, { expires_in: stated }).client.refresh('rt')
    expect(refreshed).toMatchObject({ value: { expiresInSeconds: seconds } })
  })
})

describe('a response', () => {
  it('that refuses is described on one line of at most 300 characters', async () => {
    const client = createOauthClient(DEFINITION, {
      secret: 'the secret',
      fetch: async () => Response.json({ error: `no\n\u202e${'x'.repeat(100_000)}` }, { status: 400 }),
    })
    const refreshed = await client.refresh('rt')
    const detail = refreshed.accepted || !('detail' in refreshed.refusal) ? '' : refreshed.refusal.detail
    expect(detail).toHaveLength(300)
    expect(detail).toMatch(/\(no x+$/)
  })

  const complete = async (issuer: string | undefined, iss: string) => {
    const { client } = open(issuer === undefined ? {} : { issuer })
    const returned = new URL(`${RETURN}?${new URLSearchParams({ code: 'c', state: STATE, iss })}`)
    return client.complete(returned, { state: STATE, verifier: 'v'.repeat(43) })
  }

  it('may name any issuer if the service is defined without one', async () => {
    expect(await complete(undefined, 'https://other.test')).toMatchObject({ accepted: true })
  })

  it('names the issuer of the service if it is defined', async () => {
    expect(await complete(ISSUER, ISSUER)).toMatchObject({ accepted: true })
    expect(await complete(ISSUER, 'https://other.test')).toMatchObject({
      accepted: false,
      refusal: { reason: 'failed', detail: expect.stringMatching(/iss/) },
    })
  })
})
