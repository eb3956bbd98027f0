// The changes that would let an access token be exchanged: only with a connection and a chain, and what they say.
import { describe, expect, it } from 'vitest'

import { delegateScopes, takeAccessTokens } from './chain-changes.ts'
import type { Situation } from './change.ts'

interface Given {
  readonly hops?: number
  readonly delegation?: object
  readonly asked?: readonly string[]
  readonly tokenScope?: readonly string[]
  readonly kind?: string
  readonly hasConnection?: boolean
}

function situation(given: Given): Situation {
  const { hops = 1, delegation, asked = [], tokenScope = ['read'], kind = 'access_token' } = given
  const chain = { hops: Array.from({ length: hops }, () => ({})), scope: tokenScope }
  const connection = { id: 'a-b', scopes: ['mail', 'files'], ...(delegation && { delegation }) }
  return {
    question: { facts: { subject: { kind, token: { chain } } } },
    record: { request: { scope: asked } },
    connection: given.hasConnection === false ? undefined : connection,
    connectionName: 'A → B',
  } as unknown as Situation
}

describe('accepting access tokens', () => {
  it.each([
    [1, undefined, 'after one app.', { maxDepth: 1, scopes: {} }],
    [2, undefined, 'after 2 apps.', { maxDepth: 2, scopes: {} }],
    [1, { maxDepth: 3, scopes: { mail: ['x'] } }, 'after 3 apps.', { maxDepth: 3, scopes: { mail: ['x'] } }],
  ])('with %i hops and the delegation %j: %s', (hops, given, text, delegation) => {
    const changes = takeAccessTokens(situation({ hops, ...(given && { delegation: given }) }))
    expect(changes).toMatchObject([
      {
        text: `Let the connection A → B accept access tokens ${text}`,
        edit: { collection: 'connections', id: 'a-b', patch: { delegation } },
      },
    ])
  })
})

describe('delegating scopes', () => {
  const delegation = { maxDepth: 1, scopes: { mail: ['old', 'read'] } }

  it.each([
    [['mail'], ['read'], 'read give mail', { mail: ['old', 'read'] }],
    [['files', 'unknown'], ['read', 'write'], 'read or write give files', { files: ['read', 'write'] }],
    [[], ['read'], 'read give mail files', { files: ['read'] }],
  ])('asked for %j with a token for %j: %s', (asked, tokenScope, text, added) => {
    const changes = delegateScopes(situation({ delegation, asked, tokenScope }))
    const scopes = { mail: ['old', 'read'], ...added }
    expect(changes).toMatchObject([
      {
        text: `Let access tokens with ${text} over the connection A → B.`,
        edit: { patch: { delegation: { maxDepth: 1, scopes } } },
      },
    ])
    expect(
      Object.keys((changes[0]?.edit?.patch['delegation'] as typeof delegation).scopes).toSorted(),
    ).toEqual(Object.keys(scopes).toSorted())
  })

  it.each([
    ['scopes of the connection', { delegation, asked: ['unknown'] }],
    ['scopes of the token', { delegation, tokenScope: [] }],
    ['a delegation', {}],
  ])('is no help without %s', (_, given) => {
    expect(delegateScopes(situation(given))).toEqual([])
  })

  it.each([
    ['a connection', { delegation, hasConnection: false }],
    ['a chain', { delegation, kind: 'id_token' }],
  ])('nor is anything without %s', (_, given) => {
    expect(delegateScopes(situation(given))).toEqual([])
    expect(takeAccessTokens(situation(given))).toEqual([])
  })
})
