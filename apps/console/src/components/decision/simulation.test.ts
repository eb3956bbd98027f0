import { describe, expect, it } from 'vitest'

import { buildSimulation, questionOf } from './simulation.ts'

const NOW = Date.parse('2026-03-02T10:00:00Z')
const WHO = { user: 'bob', app: 'agent0', audience: 'https://as.test' }

describe('the request of the simulator', () => {
  it.each(['user', 'app', 'audience'] as const)('is none without %s', (name) => {
    const { [name]: _, ...rest } = WHO
    expect(buildSimulation(rest, NOW)).toBeUndefined()
    expect(buildSimulation(WHO, NOW)).toEqual(WHO)
  })

  it('counts the sign-in age from the requested time', () => {
    expect(buildSimulation({ ...WHO, age: '30' }, NOW)?.authTime).toBe('2026-03-02T09:30:00.000Z')
    const at = '2026-01-01T00:00:00Z'
    expect(buildSimulation({ ...WHO, at, age: '30' }, NOW)).toMatchObject({
      at,
      authTime: '2025-12-31T23:30:00.000Z',
    })
  })

  it('splits words, and omits DPoP unless given', () => {
    expect(buildSimulation({ ...WHO, scope: 'a  b', resource: 'https://r.test', dpop: 'true' }, NOW)).toEqual(
      { ...WHO, scope: ['a', 'b'], resource: ['https://r.test'], dpop: true },
    )
  })

  it('omits members that are not given', () => {
    const unknown = 'acr authTime dpop nonsense'
    expect(buildSimulation({ ...WHO, unknown }, NOW)?.unknown).toEqual(['authTime', 'acr', 'dpop'])
    expect(buildSimulation({ ...WHO, unknown, age: '3', dpop: 'true' }, NOW)?.unknown).toEqual(['acr'])
  })

  it('is derived only from exchanges', () => {
    const request = {
      requesting_app: { id: 'agent0', client_id: 'agent0' },
      subject: { ref: 'usr_bob', acr: 'pwd' },
      audience: 'https://as.test',
      resource: [],
      scope: ['a', 'b'],
      context: {},
    }
    const decision = { stage: 'idp.token_exchange', request } as never
    expect(questionOf(decision)).toEqual({
      user: 'usr_bob',
      app: 'agent0',
      audience: 'https://as.test',
      scope: 'a b',
      acr: 'pwd',
    })
    expect(questionOf({ stage: 'ras.redemption', request } as never)).toBeUndefined()
    expect(
      questionOf({ stage: 'idp.token_exchange', request: { ...request, subject: null } } as never),
    ).toBeUndefined()
  })
})
