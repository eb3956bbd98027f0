// Three-valued simulation: each branch is what the evaluator decides for one of its values, and no value is missing.
import { OPEN_INPUTS, type OpenInput, zPolicy } from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import {
  DEFINITIONS,
  makeSnapshot,
  NOW_SECONDS,
  USERS,
  withConnection,
  withResourceApp,
} from '../testing/exchange-world.ts'
import { assume } from '../testing/assumed-exchange.ts'
import { areRunsReduced, propertyRuns } from '../testing/property-runs.ts'
import { evaluateBranches } from './evaluate-branches.ts'
import { findNearestDenial, type NearestDenial } from './find-nearest-denial.ts'

type World = Parameters<typeof makeSnapshot>[0]

function ask(world: World, given: Parameters<typeof assume>[0] = {}) {
  const snapshot = makeSnapshot(world)
  return { facts: assume(given, snapshot), snapshot }
}

function branches(world: World, open: readonly OpenInput[], given = {}) {
  const found = evaluateBranches(ask(world, given), open)
  if (found.state === 'too-many') return found
  return found.branches.map(({ when, record }) =>
    `${when.map(({ text }) => text).join(', ')}: ${record.code} ${record.granted?.scope.join(' ') ?? ''}`.trim(),
  )
}

const policies = (...all: readonly object[]) => ({
  policies: all.map((one, at) => zPolicy.parse({ id: `p${at}`, ...one })),
})
const BOTH = 'todos.read todos.write'

describe('open inputs', () => {
  it.each<readonly [string, World, OpenInput[], string[]]>([
    ['not used by any rule', {}, ['authTime', 'acr', 'dpop'], [`: XAA0000 ${BOTH}`]],
    [
      'used by a condition of the connection',
      withConnection({ conditions: { dpop: 'optional', maxAuthAgeSeconds: 43_200 } }),
      ['authTime'],
      [`signed in within 12h: XAA0000 ${BOTH}`, 'signed in more than 12h ago: XAA1801'],
    ],
    [
      'with edges of two rules',
      policies(
        { when: { 'authAge.under': '1m' }, effect: 'deny' },
        { when: { 'authAge.over': '1h' }, effect: 'limit', limit: { scopes: ['todos.read'] } },
      ),
      ['authTime'],
      [
        'signed in within 59s: XAA1701',
        `signed in more than 59s ago and signed in within 1h: XAA0000 ${BOTH}`,
        'signed in more than 1h ago: XAA0001 todos.read',
      ],
    ],
    [
      'where a kind of sign-in is required',
      policies({ effect: 'require', require: { acr: ['mfa', 'hwk'] } }),
      ['acr'],
      [`signed in with mfa or hwk: XAA0000 ${BOTH}`, 'signed in with anything else: XAA1801'],
    ],
    [
      'where a kind of sign-in is denied: one without a class is unknown',
      policies({ when: { acr: 'pwd' }, effect: 'deny' }),
      ['acr'],
      [
        'signed in with pwd: XAA1701',
        `signed in with anything else: XAA0000 ${BOTH}`,
        'signed in with no stated context class: XAA1704',
      ],
    ],
    [
      'distinguished by nested networks',
      policies(
        { when: { 'network.outside': '10.0.0.0/8' }, effect: 'deny' },
        { when: { network: '10.0.0.0/16' }, effect: 'limit', limit: { scopes: ['todos.read'] } },
      ),
      ['ip'],
      [
        'from 10.0.0.0/16: XAA0001 todos.read',
        `from 10.0.0.0/8: XAA0000 ${BOTH}`,
        'from any other address: XAA1701',
      ],
    ],
    [
      'counted by a limit',
      policies({ effect: 'limit', limit: { perHour: 2 } }),
      ['volume'],
      [
        `granted at most 1 times in the last hour: XAA0000 ${BOTH}`,
        'granted more than 1 times in the last hour: XAA1904',
      ],
    ],
    [
      'where a proof is required',
      policies({ when: { dpop: false }, effect: 'deny' }),
      ['dpop', 'authTime'],
      [`with a DPoP proof: XAA0000 ${BOTH}`, 'without a DPoP proof: XAA1701'],
    ],
    [
      'where another rule denies anyway',
      policies({ effect: 'deny' }, { effect: 'require', require: { acr: ['mfa'] } }),
      ['acr'],
      [': XAA1701'],
    ],
    [
      'used only by a report-only rule',
      policies({ when: { acr: 'pwd' }, effect: 'deny', state: 'report-only' }),
      ['acr'],
      [`: XAA0000 ${BOTH}`],
    ],
  ])('where %s', (_, world, open, expected) => {
    expect(branches(world, open)).toEqual(expected)
  })

  it('are decided together if a rule uses two of them', () => {
    const rule = { when: { 'authAge.over': '1h', dpop: false }, effect: 'deny' }
    expect(branches(policies(rule), ['authTime', 'dpop'])).toEqual([
      `signed in within 1h: XAA0000 ${BOTH}`,
      `signed in more than 1h ago, with a DPoP proof: XAA0000 ${BOTH}`,
      'signed in more than 1h ago, without a DPoP proof: XAA1701',
    ])
  })

  it('are split no finer than necessary', () => {
    const rules = policies(
      { when: { 'authAge.over': '1h', dpop: false }, effect: 'deny' },
      { when: { 'authAge.over': '2h', dpop: true }, effect: 'limit', limit: { scopes: ['todos.read'] } },
    )
    expect(branches(rules, ['dpop', 'authTime'])).toEqual([
      `with a DPoP proof, signed in within 2h: XAA0000 ${BOTH}`,
      'with a DPoP proof, signed in more than 2h ago: XAA0001 todos.read',
      `without a DPoP proof, signed in within 1h: XAA0000 ${BOTH}`,
      'without a DPoP proof, signed in more than 1h ago: XAA1701',
    ])
  })

  it('are too many if they make more cases than a reader can follow', () => {
    const each = Array.from({ length: 17 }, (_, at) => ({
      when: { 'authAge.over': `${at + 1}h` },
      effect: 'limit',
      limit: { idJagTtlSeconds: 299 - at },
    }))
    expect(branches(policies(...each), ['authTime'])).toEqual({ state: 'too-many', branches: 18 })
    expect(branches(policies(...each.slice(0, 15)), ['authTime'])).toHaveLength(16)
  })

  it('make the checks that need them unknown, and the record the least favourable one', () => {
    const world = withConnection({ conditions: { dpop: 'optional', maxAuthAgeSeconds: 60 } })
    const found = evaluateBranches(ask(world), ['authTime'])
    if (found.state === 'too-many') throw new Error('too many')
    const { outcome, checks, request, remedies } = found.record
    expect([outcome, request.subject?.auth_time]).toEqual(['step_up', undefined])
    expect(checks.filter(({ result }) => result === 'unknown').map(({ id }) => id)).toEqual(['stepup'])
    expect(remedies[0]).toMatchObject({ text: 'Sign in again.', verified: expect.stringMatching(/^re-eval/) })
  })

  it('of a grant name the single changes that would end it', () => {
    const world = {
      ...withConnection({
        conditions: { dpop: 'optional', maxAuthAgeSeconds: 60 },
        endsAt: NOW_SECONDS + 3600,
        expiresAt: '2027-01-15T09:00:00Z',
      }),
      ...policies({ when: { network: '10.0.0.0/8' }, effect: 'limit', limit: { scopes: ['todos.read'] } }),
    }
    const question = ask(world, { ip: '10.0.0.1' })
    const named = ({ text, code }: NearestDenial) => `${text}: ${code}`
    const record = evaluateExchange(question.facts, question.snapshot)
    expect(findNearestDenial(question, record).map(named)).toEqual([
      'signed in more than 1m ago: XAA1801',
      'removed from the group engineering: XAA1503',
      'requested at 2027-01-15 09:00 UTC or later: XAA1404',
    ])
    const inTwo = ask({}, { user: USERS.alice && { ...USERS.alice, groups: ['sales', 'engineering'] } })
    const ofTwo = evaluateExchange(inTwo.facts, inTwo.snapshot)
    expect(findNearestDenial(inTwo, ofTwo).map(named)).toEqual([
      'removed from the group engineering: XAA1503',
    ])
    const byName = ask({
      ...withConnection({ assignments: { everyone: false, users: ['usr_alice'], groups: [] } }),
    })
    const granted = evaluateExchange(byName.facts, byName.snapshot)
    expect(findNearestDenial(byName, granted).map(named)).toEqual([
      'no longer in the connection Agent0 → Todo0 by name: XAA1503',
    ])
    const assignedByName = { assignments: { everyone: false, users: ['usr_alice'], groups: [] } }
    const everywhere = ask({
      apps: DEFINITIONS.apps.map((app) => ({ ...app, ...assignedByName })),
      ...withResourceApp(assignedByName),
    })
    const assigned = evaluateExchange(everywhere.facts, everywhere.snapshot)
    expect(findNearestDenial(everywhere, assigned).map(named)).toEqual([
      'removed from the group engineering: XAA1503',
      'no longer assigned to Agent0 by name: XAA1501',
      'no longer assigned to Todo0 by name: XAA1502',
    ])
    const grant = { id: 'acg_1', connection: 'agent0-todo0', user: 'usr_alice', scopes: ['todos.read'] }
    const byGrant = ask({
      ...withConnection({ assignments: { everyone: false, users: [], groups: [] } }),
      accessGrants: [{ ...grant, until: '2027-01-15T09:00:00Z' }],
    })
    const temporary = evaluateExchange(byGrant.facts, byGrant.snapshot)
    expect(findNearestDenial(byGrant, temporary).map(named)).toEqual([
      'access grant acg_1 revoked: XAA1503',
      'requested at 2027-01-15 09:00 UTC or later: XAA1503',
    ])
    const ending = ask({
      ...withConnection({
        assignments: { everyone: false, users: [], groups: [] },
        expiresAt: '2027-01-15T09:00:00Z',
      }),
      accessGrants: [{ ...grant, until: '2027-01-15T09:00:00Z' }],
    })
    const together = evaluateExchange(ending.facts, ending.snapshot)
    expect(findNearestDenial(ending, together).map(named)).toEqual([
      'access grant acg_1 revoked: XAA1503',
      'requested at 2027-01-15 09:00 UTC or later: XAA1404',
    ])
    const refused = ask(policies({ effect: 'deny' }))
    expect(findNearestDenial(refused, evaluateExchange(refused.facts, refused.snapshot))).toEqual([])
  })

  it('cover all values: for every value the evaluator decides as one of the branches', () => {
    const rule = fc.record({
      when: fc.dictionary(
        fc.constantFrom(
          'acr',
          'authAge.over',
          'authAge.under',
          'network',
          'network.outside',
          'dpop',
          'volume.perHour.over',
        ),
        fc.constant(undefined),
        { maxKeys: 2 },
      ),
      pick: fc.nat(2),
      body: fc.constantFrom(
        { effect: 'deny' },
        { effect: 'limit', limit: { scopes: ['todos.read'] } },
        { effect: 'limit', limit: { perHour: 3 } },
        { effect: 'require', require: { acr: ['mfa'] } },
        { effect: 'require', require: { maxAuthAgeSeconds: 100 } },
        { effect: 'require', require: { dpop: true } },
      ),
    })
    const values: Readonly<Record<string, readonly (string | number | boolean)[]>> = {
      acr: ['pwd', 'mfa', 'hwk'],
      'authAge.over': [50, 100, 150],
      'authAge.under': [50, 100, 150],
      network: ['10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32'],
      'network.outside': ['10.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0'],
      dpop: [true, false, true],
      'volume.perHour.over': [0, 2, 3],
    }
    const value = fc.record({
      authTime: fc.constantFrom(0, 49, 50, 51, 99, 100, 101, 151).map((age) => NOW_SECONDS - age),
      acr: fc.constantFrom('pwd', 'mfa', 'x', undefined),
      ip: fc.constantFrom('10.0.0.1', '10.1.2.3', '11.0.0.1', '2001:db8::7', '2001:db9::1'),
      dpopThumbprint: fc.constantFrom('k', undefined),
      volumeLastHour: fc.nat(5),
    })
    const open = fc.subarray([...OPEN_INPUTS], { minLength: 1, maxLength: 3 })
    let compared = 0
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), value, open, (rules, real, inputs) => {
        const world = policies(
          ...rules.map(({ when, pick, body }) => ({
            when: Object.fromEntries(Object.keys(when).map((name) => [name, values[name]?.[pick]])),
            ...body,
          })),
        )
        const question = ask(world, real)
        const found = evaluateBranches(question, inputs)
        if (found.state === 'too-many') return
        const { code, granted } = evaluateExchange(question.facts, question.snapshot)
        const decided = found.branches.map(({ record }) => [record.code, record.granted?.scope])
        expect(decided).toContainEqual([code, granted?.scope])
        compared += 1
      }),
      propertyRuns(1000),
    )
    if (!areRunsReduced()) expect(compared).toBeGreaterThan(900)
  })
})
