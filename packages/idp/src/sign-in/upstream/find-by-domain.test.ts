import { zUpstream } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { createIsForeign, limitToDomains } from './find-by-domain.ts'

const upstream = (id: string, domains: readonly string[]) =>
  zUpstream.parse({
    ...{ id, type: 'oidc', issuer: `https://${id}.test`, clientId: 'crosswalk', clientSecret: 'secret' },
    domains,
  })
const UPSTREAMS = [
  upstream('corp', ['acme.test']),
  upstream('partner', []),
  upstream('other', ['other.test']),
]
const isForeignTo = (own: string) => createIsForeign(({ id }) => id === own, UPSTREAMS)

describe('a name belongs to another provider than', () => {
  it.each([
    ['corp', 'alice@acme.test', false],
    ['corp', 'alice@third.test', false],
    ['corp', 'alice@OTHER.test', true],
    ['corp', 'alice@sub.other.test', false],
    ['corp', 'other.test', false],
    ['corp', undefined, false],
    ['partner', 'alice@acme.test', true],
    ['partner', 'alice', false],
  ])('the sign-in provider %s: %s', (id, name, expected) => {
    expect(isForeignTo(id)(name)).toBe(expected)
  })

  it.each([
    ['corp', [], 'alice@acme.test', false],
    ['corp', [], 'alice@other.test', true],
    ['third', [], 'alice@acme.test', true],
    ['third', [], 'alice@third.test', false],
    ['third', [], 'alice', false],
    ['third', ['acme.test'], 'alice@ACME.test', false],
    ['third', ['acme.test'], 'alice@third.test', true],
    ['third', ['acme.test'], 'alice', false],
    ['third', ['acme.test'], undefined, false],
  ])('the subject issuer %s for %j: %s', (id, emailDomains, name, expected) => {
    expect(limitToDomains(isForeignTo(id), emailDomains)(name)).toBe(expected)
  })
})
