import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { createTokenVault, type VaultTokens } from './token-vault.ts'

function createWorld(answers: readonly (VaultTokens | undefined)[], refreshToken?: string) {
  const asked: string[] = []
  const tokens = { idToken: 'id-1', ...(refreshToken === undefined ? {} : { refreshToken }) }
  const vault = createTokenVault('session', tokens, async (given) => {
    asked.push(given)
    await Promise.resolve()
    return answers[asked.length - 1]
  })
  return { vault, asked }
}

describe('token vault', () => {
  it('returns the current ID token', async () => {
    const { vault, asked } = createWorld([], 'refresh-1')
    expect(await vault.getSubjectToken({ reason: 'use' })).toBe('id-1')
    expect(asked).toEqual([])
  })

  it('renews once for all waiting callers, and next with the rotated refresh token', async () => {
    const { vault, asked } = createWorld(
      [{ idToken: 'id-2', refreshToken: 'refresh-2' }, { idToken: 'id-3' }, { idToken: 'id-4' }],
      'refresh-1',
    )
    const renewed = await Promise.all([1, 2, 3].map(async () => vault.getSubjectToken({ reason: 'expired' })))
    expect(renewed).toEqual(['id-2', 'id-2', 'id-2'])
    expect(asked).toEqual(['refresh-1'])
    expect(await vault.getSubjectToken({ reason: 'use' })).toBe('id-2')
    await vault.getSubjectToken({ reason: 'expired' })
    await vault.getSubjectToken({ reason: 'expired' })
    // Without rotation, the old refresh token stays valid.
    expect(asked).toEqual(['refresh-1', 'refresh-2', 'refresh-2'])
  })

  it('does not retry after the IdP refused, and never renews without a refresh token', async () => {
    const { vault, asked } = createWorld([undefined], 'refresh-1')
    expect(await vault.getSubjectToken({ reason: 'expired' })).toBeUndefined()
    expect(await vault.getSubjectToken({ reason: 'expired' })).toBeUndefined()
    expect(asked).toEqual(['refresh-1'])
    const without = createWorld([{ idToken: 'id-2' }])
    expect(await without.vault.getSubjectToken({ reason: 'expired' })).toBeUndefined()
    expect(without.asked).toEqual([])
  })

  it('never prints tokens', () => {
    const { vault } = createWorld([], 'refresh-1')
    expect(`${inspect(vault)} ${JSON.stringify(vault)}`).not.toMatch(/id-1|refresh-1/)
  })
})

describe('the description of a vault', () => {
  const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

  it('has claims and the state of renewal, but no tokens', async () => {
    const vault = createTokenVault(
      'session',
      { idToken: jwt({ sub: 'a', exp: 100 }), refreshToken: 'refresh-1' },
      () => Promise.resolve({ idToken: jwt({ sub: 'a', exp: 200 }) }),
    )
    expect(vault.describe()).toEqual({ claims: { sub: 'a', exp: 100 }, renewals: 0, renewable: true })
    await vault.getSubjectToken({ reason: 'expired' })
    expect(vault.describe()).toEqual({ claims: { sub: 'a', exp: 200 }, renewals: 1, renewable: true })
    expect(createWorld([]).vault.describe()).toEqual({ claims: {}, renewals: 0, renewable: false })
  })

  it.each([
    [109, false],
    [110, true],
  ])('reports at second %i whether the first ID token expired 10 s ago: %s', (now, expired) => {
    const vault = createTokenVault(
      'session',
      { idToken: jwt({ exp: 100 }) },
      () => Promise.resolve(undefined),
      { nowMs: () => now * 1000 },
    )
    expect(vault.findExpired(10) !== undefined).toBe(expired)
  })
})
