// Which sign-ins end: those of the user, at each server with the authorization code flow, under each name there.
import { createSealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp/definitions'
import type { ReceivedRevocation, TokenSelector } from '@crosswalk/resource-as'
import { expect, it } from 'vitest'

import { createEndSignIns, type EndSignInsParts } from './end-sign-ins.ts'

const NOW_MS = 1_800_000_000_000
const [ISSUER, AUDIENCE] = ['https://idp.test', 'https://as.test']
const SEALING = createSealing(new Uint8Array(32))
const BOB = {
  ...{ id: 'usr_bob', username: 'bob', email: 'bob@acme.test', emailVerified: true },
  ...{ groups: [], attributes: {}, active: true },
}

interface Case {
  readonly subject?: string
  readonly audience?: string
  readonly hasFlow?: boolean
  readonly issuer?: string | undefined
  readonly removed?: boolean
}

async function end({
  subject = 'user.id',
  audience = AUDIENCE,
  hasFlow = true,
  removed = false,
  ...more
}: Case) {
  const added: ReceivedRevocation[] = []
  const revoked: TokenSelector[] = []
  const server = { id: 'vendor', issuer: AUDIENCE, clockSkewSeconds: 30 }
  const definition = hasFlow ? { authorizationCode: {} } : {}
  const parts = {
    ...{ issuer: ISSUER, sealing: SEALING, clock: { nowMs: () => NOW_MS }, ...more },
    directory: {
      current: () => ({
        redemption: new Map([['vendor', { ...server, definition }]]),
        users: { findById: async () => (removed ? undefined : BOB) },
        world: { 'resource-apps': new Map([['todo', { definition: { issuer: audience, subject } }]]) },
      }),
    },
    receivedRevocations: { add: async (some: readonly ReceivedRevocation[]) => added.push(...some) },
    accessTokens: { revoke: async (selector: TokenSelector) => revoked.push(selector) },
  }
  await createEndSignIns(parts as unknown as EndSignInsParts)(BOB.id, removed ? BOB : undefined)
  return { added, revoked }
}

it.each<[string, Case, readonly string[]]>([
  ['once if ID tokens and ID-JAGs name the user alike', {}, [BOB.id]],
  ['by address', { subject: 'user.email' }, [BOB.id, BOB.email]],
  ['by address, if the user was removed', { subject: 'user.email', removed: true }, [BOB.id, BOB.email]],
  ['by pairwise name', { subject: 'pairwise' }, [BOB.id, createPairwise(SEALING)(AUDIENCE, BOB.id)]],
  ['not by the name at another server', { subject: 'user.email', audience: 'https://b.test' }, [BOB.id]],
  ['not at a server without the flow', { hasFlow: false }, []],
  ['not without an IdP here', { issuer: undefined }, []],
])('%s', async (_, given, subjects) => {
  const { added, revoked } = await end(given)
  expect(added.map(({ subject }) => subject)).toEqual(subjects)
  const selector = { authorizationServer: 'vendor', issuer: ISSUER, grantType: 'authorization_code' }
  const issuedUntil = NOW_MS / 1000 + 0.25
  expect(revoked).toEqual(
    subjects.map((issuerSubject) => ({ ...selector, issuerSubject, grantIssuedUntil: issuedUntil })),
  )
  for (const one of added)
    expect(one).toMatchObject({ onlySignIns: true, issuedUntil, expiresAt: issuedUntil + 660 })
})
