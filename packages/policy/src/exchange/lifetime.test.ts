// Both edges of everything that shortens an ID-JAG: rules, and the ends of the connection and its time window.
import { zPolicy } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { makeFacts, makeSnapshot, NOW_SECONDS, withConnection } from '../testing/exchange-world.ts'

interface Case {
  readonly world?: Parameters<typeof makeSnapshot>[0]
  readonly facts?: Parameters<typeof makeFacts>[0]
}

function ending(endsAt: number): Parameters<typeof makeFacts>[0] {
  return { subject: { kind: 'refresh_token', state: 'active', signIn: { userId: 'usr_alice', endsAt } } }
}

describe('the lifetime of an ID-JAG', () => {
  const rule = zPolicy.parse({ id: 'short', effect: 'limit', limit: { idJagTtlSeconds: 60 } })
  // The request is at 2027-01-15T08:00:00Z; each case within one second of the edge.
  it.each<[string, Case, number, string | undefined]>([
    ['as configured, if the connection has no end', {}, 300, undefined],
    [
      'as configured, up to the end',
      { world: withConnection({ expiresAt: '2027-01-15T08:05:00Z' }) },
      300,
      undefined,
    ],
    [
      'up to the end, one second earlier',
      { world: withConnection({ expiresAt: '2027-01-15T08:04:59Z' }) },
      299,
      'end of agent0-todo0',
    ],
    [
      'one second, at the last second',
      {
        world: withConnection({ expiresAt: '2027-01-15T08:00:01Z' }),
        facts: { nowMs: NOW_SECONDS * 1000 + 999 },
      },
      1,
      'end of agent0-todo0',
    ],
    [
      'as configured, up to the minute in which the window closes',
      { world: withConnection({ conditions: { window: '07:00-08:05 UTC' } }) },
      300,
      undefined,
    ],
    [
      'up to the closing of the window',
      {
        world: withConnection({ conditions: { window: '07:00-08:05 UTC' } }),
        facts: { nowMs: NOW_SECONDS * 1000 + 1000 },
      },
      299,
      'window of agent0-todo0',
    ],
    [
      'one second, at the last second of the window',
      {
        world: withConnection({ conditions: { window: '07:00-08:01 UTC' } }),
        facts: { nowMs: NOW_SECONDS * 1000 + 59_999 },
      },
      1,
      'window of agent0-todo0',
    ],
    ['as configured, up to the end of the session', { facts: ending(NOW_SECONDS + 300.9) }, 300, undefined],
    ['up to the end of the session', { facts: ending(NOW_SECONDS + 299.9) }, 299, 'end of the session'],
    [
      'one second, if the session ended within the clock skew',
      { facts: ending(NOW_SECONDS - 20) },
      1,
      'end of the session',
    ],
    ['as a rule limits it', { world: { policies: [rule] } }, 60, 'policy short'],
    [
      'up to the end, if a rule allows more',
      { world: { policies: [rule], ...withConnection({ expiresAt: '2027-01-15T08:00:59Z' }) } },
      59,
      'end of agent0-todo0',
    ],
    [
      'as a rule limits it, if the end is equally far',
      { world: { policies: [rule], ...withConnection({ expiresAt: '2027-01-15T08:01:00Z' }) } },
      60,
      'policy short',
    ],
  ])('is %s', (_, given, seconds, via) => {
    const record = evaluateExchange(makeFacts(given.facts), makeSnapshot(given.world))
    expect(record).toMatchObject({
      outcome: 'allow',
      code: 'XAA0000',
      granted: { lifetime_seconds: seconds },
    })
    expect(record.checks.find(({ id }) => id === 'granted.lifetime')?.via).toBe(via)
  })
})

it.each([
  ['the session', ending(NOW_SECONDS + 600.9), {}, NOW_SECONDS + 600],
  ['the session, in its last second', ending(NOW_SECONDS + 0.5), {}, NOW_SECONDS + 1],
  ['the connection', ending(NOW_SECONDS + 600), { expiresAt: '2027-01-15T08:09:59Z' }, NOW_SECONDS + 599],
  ['nothing', {}, {}, undefined],
])('access ends with %s (SAML-06)', (_, facts, connection, end) => {
  const { outcome, granted, request } = evaluateExchange(
    makeFacts(facts),
    makeSnapshot(withConnection(connection)),
  )
  expect([outcome, granted?.session_expiry]).toEqual(['allow', end])
  expect(request.subject?.session_ends_at === undefined).toBe(!('subject' in (facts ?? {})))
})
