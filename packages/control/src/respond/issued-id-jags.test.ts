// When the record of an ID-JAG or access token is looked up: only if definitions may have changed since it was issued.
import { grantIdOf } from '@crosswalk/as-core'
import type { IssuedAccessToken } from '@crosswalk/resource-as'
import type { RecordedEvent } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { ChangeListener } from '../definitions/directory.ts'
import { createIssuedIdJags } from './issued-id-jags.ts'

const [ISSUER, START, SKEW] = ['https://idp.test', 1_800_000_000, 30]

function makeIssued(found?: object) {
  const looked: string[] = []
  const listeners: ChangeListener[] = []
  let now = START
  const issued = createIssuedIdJags({
    configuration: { clockSkewSeconds: SKEW } as never,
    directory: {
      current: () =>
        ({
          exchange: { issuer: ISSUER },
          users: { findForExchange: async () => new Map() },
        }) as unknown as CompiledWorld,
      onChange: (listener) => listeners.push(listener),
    },
    storage: {
      events: {
        async findIssued(grantId) {
          looked.push(grantId)
          return found as RecordedEvent | undefined
        },
      },
    },
    clock: { nowMs: () => now * 1000 },
  })
  const find = async (iat: unknown, iss = ISSUER) => {
    looked.length = 0
    const deniedNow = await issued.findDenialNow({ iss, iat, jti: 'j' })
    return { looked: [...looked], deniedNow }
  }
  const isLooked = async (issuedAt: number, issuer = ISSUER) => {
    looked.length = 0
    expect(await issued.isOutdated({ issuer, issuedAt, grantId: 'g' } as IssuedAccessToken)).toBe(false)
    return looked.includes('g')
  }
  const change = (at: number) => {
    now = at
    listeners.forEach((listener) => void listener(new Set(), 0))
  }
  return { find, isLooked, change }
}

const LOOKED = { looked: [grantIdOf('j')], deniedNow: 'unknown' }
const NOT_LOOKED = { looked: [], deniedNow: undefined }

it.each([
  ['issued before this process started', START - 1, LOOKED],
  ['issued just after it, by a clock that may be ahead', START + SKEW + 1, LOOKED],
  ['issued later, with no change since', START + SKEW + 2, NOT_LOOKED],
  ['without an issue time', undefined, LOOKED],
])('an ID-JAG %s', async (_, iat, expected) => {
  expect(await makeIssued().find(iat)).toEqual(expected)
})

it('after a change, looks up ID-JAGs from before it', async () => {
  const { find, change } = makeIssued()
  expect(await find(START + 100)).toEqual(NOT_LOOKED)
  change(START + 100)
  expect(await find(START + 100)).toEqual(LOOKED)
  expect(await find(START + 100 + SKEW + 2)).toEqual(NOT_LOOKED)
})

it('looks up no ID-JAG of another issuer', async () => {
  expect(await makeIssued().find(START - 1, 'https://other.test')).toEqual(NOT_LOOKED)
})

it('looks up access tokens from before a change, of this issuer', async () => {
  const { isLooked, change } = makeIssued()
  expect(await isLooked(START + 100)).toBe(false)
  change(START + 100)
  expect(await isLooked(START + 100)).toBe(true)
  expect(await isLooked(START + 100, 'https://other.test')).toBe(false)
  expect(await isLooked(START + 100 + SKEW + 2)).toBe(false)
})
