// Each finding next to a rule that differs in one respect and is fine.
import type { PolicyDefinition } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { createLinter, type LintedWorld } from './lint-rules.ts'
import { buildDeny, buildLimit, buildRequire } from './testing/rule-fixtures.ts'

const WORLD: LintedWorld = {
  known: {
    app: new Set(['agent0', 'bot']),
    resourceApp: new Set(['todo0', 'crm']),
    scope: new Set(['todos.read', 'todos.write']),
  },
  connections: [
    {
      app: ['agent0'],
      'app.kind': ['agent'],
      resourceApp: ['todo0'],
      resource: ['https://todo.test/mcp'],
      scope: ['todos.read', 'todos.write'],
    },
  ],
}

const findAll = createLinter(WORLD)

function lint(...policies: readonly PolicyDefinition[]): readonly string[] {
  return findAll(policies).map(({ policy, path, problem }) => `${policy} ${path.join('.')}: ${problem}`)
}

describe('a name that does not exist', () => {
  it.each([
    [buildDeny('rule', { app: 'agnt0' }), 'when.app: there is no app "agnt0"', 'did you mean `agent0`?'],
    [
      buildDeny('rule', { resourceApp: ['todo0', 'payroll'] }),
      'when.resourceApp: there is no resourceApp "payroll"',
      'check the spelling, or define it',
    ],
    [
      buildLimit('rule', { scopes: ['todos.read', 'todos.reed'] }),
      'limit.scopes.1: there is no scope "todos.reed"',
      'did you mean `todos.read`?',
    ],
  ])('is found', (policy, problem, fix) => {
    expect(findAll([policy])).toMatchObject([{ severity: 'warning', fix }])
    expect(lint(policy)).toEqual([`rule ${problem}`])
  })

  it('is found at most ten times in a rule, and first in the order of the rule', () => {
    const app = Array.from({ length: 500 }, (_, at) => `nothing${at}`)
    const found = findAll([buildDeny('rule', { app })])
    expect(found).toHaveLength(10)
    expect(found[0]?.problem).toBe('there is no app "nothing0"')
  })

  it('is found in one rule only, if only its findings are wanted', () => {
    const policies = [buildDeny('one', { app: 'agnt0' }), buildDeny('two', { app: 'agnt0' })]
    expect(findAll(policies)).toHaveLength(3)
    expect(findAll(policies, 'one')).toMatchObject([{ policy: 'one' }])
  })

  it('is not found where it is known, or nothing is known', () => {
    expect(lint(buildDeny('rule', { app: 'agent0', group: 'unheard of' }))).toEqual([])
    expect(lint(buildLimit('rule', { scopes: ['todos.read'] }))).toEqual([])
    expect(lint(buildDeny('rule', { app: 'agnt0' }, { state: 'off' }))).toEqual([])
  })

  it('is not the URL of an app that describes itself, which no other object has', () => {
    const url = 'https://agent.test/client'
    const named = (when: PolicyDefinition['when']) => findAll([buildDeny('rule', when)])[0]?.severity
    expect([named({ app: url }), named({ resourceApp: url })]).toEqual(['info', 'warning'])
  })
})

describe('clauses that are never true together', () => {
  const AGE = 'rule when.authAge.under: `authAge.under` and `authAge.over` are never true together'
  const NETWORK = 'rule when.network.outside: `network.outside` and `network` are never true together'
  it.each([
    [{ 'authAge.over': '12h', 'authAge.under': '12h' }, [AGE]],
    [{ 'authAge.over': '12h', 'authAge.under': '12h1s' }, []],
    [{ 'authAge.over': 60, 'authAge.under': '30s' }, [AGE]],
    [{ network: '10.1.0.0/16', 'network.outside': ['192.0.2.0/24', '10.0.0.0/8'] }, [NETWORK]],
    [{ network: '10.0.0.0/8', 'network.outside': '10.0.0.0/8' }, [NETWORK]],
    [{ network: '10.0.0.0/8', 'network.outside': '10.0.0.0/9' }, []],
    [{ network: ['10.0.0.0/8', '192.0.2.1'], 'network.outside': '10.0.0.0/8' }, []],
    [{ network: '::ffff:10.0.0.0/104', 'network.outside': '10.0.0.0/8' }, [NETWORK]],
  ])('%j', (when, found) => expect(lint(buildDeny('rule', when))).toEqual(found))
})

describe('a rule that changes nothing', () => {
  const denied = 'effect: this changes nothing: policy all denies every request that matches'
  const deny = (id: string, more?: Partial<PolicyDefinition>) =>
    buildDeny(id, { app: ['agent0', 'bot'] }, more)
  it.each([
    [
      'denies what is denied already',
      deny('all'),
      buildDeny('b', { app: 'bot', scope: 'todos.read' }),
      denied,
    ],
    [
      'requires something of what is denied',
      deny('all'),
      buildRequire('b', { dpop: true }, { app: 'bot' }),
      denied,
    ],
    [
      'requires less',
      buildRequire('all', { acr: ['mfa'], maxAuthAgeSeconds: 60 }),
      buildRequire('b', { acr: ['mfa', 'pwd'], maxAuthAgeSeconds: 60 }, { app: 'agent0' }),
      'effect: this changes nothing: policy all requires as much for every request that matches',
    ],
    [
      'limits less',
      buildLimit('all', { scopes: ['todos.read'], idJagTtlSeconds: 60 }),
      buildLimit('b', { scopes: ['todos.read', 'todos.write'] }, { app: 'agent0' }),
      'effect: this changes nothing: policy all limits as much for every request that matches',
    ],
    [
      'denies after the same time, for one app',
      buildDeny('all', { 'authAge.over': '12h' }),
      buildDeny('b', { 'authAge.over': '12h', app: 'agent0' }),
      denied,
    ],
    [
      'names an app after another condition',
      buildDeny('all', { 'authAge.over': '12h', app: ['agent0', 'bot'] }),
      buildDeny('b', { 'authAge.over': '12h', app: 'agent0' }),
      denied,
    ],
  ])('%s', (_, all, rule, found) =>
    // Which of the two comes first does not matter.
    [lint(all, rule), lint(rule, all)].forEach((findings) =>
      expect(findings.filter((one) => one.startsWith('b '))).toContain(`b ${found}`),
    ),
  )

  it.each([
    ['a wider condition', deny('all'), buildDeny('b', { app: ['agent0', 'bot', 'x'] })],
    ['a condition less', deny('all'), buildDeny('b')],
    ['another clause', buildDeny('all', { group: 'a' }), buildDeny('b', { app: 'agent0' })],
    ['a rule that is only reported', deny('all', { state: 'report-only' }), buildDeny('b', { app: 'bot' })],
    ['a rule that is off', deny('all', { state: 'off' }), buildDeny('b', { app: 'bot' })],
    ['a stricter effect', buildRequire('all', { dpop: true }), buildDeny('b')],
    [
      'a shorter age',
      buildRequire('all', { maxAuthAgeSeconds: 61 }),
      buildRequire('b', { maxAuthAgeSeconds: 60 }),
    ],
    [
      'fewer scopes',
      buildLimit('all', { scopes: ['todos.read', 'todos.write'] }),
      buildLimit('b', { scopes: [] }),
    ],
    ['another time', buildDeny('all', { 'authAge.over': '12h' }), buildDeny('b', { 'authAge.over': '1h' })],
    [
      'the same value in another clause',
      buildDeny('all', { app: 'agent0', user: 'x' }),
      buildDeny('b', { app: 'agent0', group: 'x' }),
    ],
    ['a proof', buildRequire('all', { acr: ['mfa'] }), buildRequire('b', { acr: ['mfa'], dpop: true })],
    [
      'a kind of sign-in',
      buildRequire('all', { dpop: true }),
      buildRequire('b', { acr: ['mfa'], dpop: true }),
    ],
    ['another limit', buildLimit('all', { perHour: 5 }), buildLimit('b', { idJagTtlSeconds: 60 })],
  ])('is not one with %s', (_, all, rule) =>
    expect(lint(all, rule).filter((one) => /^b .*changes nothing/.test(one))).toEqual([]),
  )

  it('is the later of two that are equal, or the one that is only reported', () => {
    expect(lint(buildDeny('a'), buildDeny('b'))).toEqual([
      'b effect: this changes nothing: policy a denies every request that matches',
    ])
    expect(lint(buildDeny('a', {}, { state: 'report-only' }), buildDeny('b'))).toEqual([
      'a effect: this changes nothing: policy b denies every request that matches',
    ])
  })
})

describe('rules that nothing satisfies together', () => {
  it('are found, once', () => {
    expect(
      lint(buildRequire('a', { acr: ['mfa'] }), buildRequire('b', { acr: ['hwk'] }, { app: 'agent0' })),
    ).toEqual(['b require.acr: no sign-in also meets policy a, so every request is denied'])
    expect(
      lint(buildLimit('a', { scopes: ['todos.read'] }), buildLimit('b', { scopes: ['todos.write'] })),
    ).toEqual(['b limit.scopes: policy a allows none of these scopes, so none is granted'])
    const agents = { app: ['agent0', 'bot'] }
    expect(
      lint(buildRequire('a', { acr: ['mfa'] }, agents), buildRequire('b', { acr: ['hwk'] }, agents)),
    ).toEqual(['b require.acr: no sign-in also meets policy a, so every request is denied'])
  })

  it('are fine if one value satisfies both, or they need not apply together', () => {
    const mfa = buildRequire('a', { acr: ['mfa', 'hwk'] })
    expect(lint(mfa, buildRequire('b', { acr: ['hwk', 'pwd'] }, { app: 'agent0' }))).toEqual([])
    const [none, some] = [buildLimit('a', { scopes: [] }), buildLimit('b', { scopes: ['todos.read'] })]
    expect(lint(none, some)).toHaveLength(1)
    expect(lint(none, some)[0]).toMatch(/^b effect: /)
    const apart = buildRequire('b', { acr: ['pwd'] }, { app: 'agent0' })
    expect(lint(buildRequire('a', { acr: ['mfa'] }, { group: 'x' }), apart)).toEqual([])
  })
})

describe('a rule that matches no connection', () => {
  const none = 'rule when: no connection matches these conditions yet'
  it.each([
    [{ app: 'agent0', 'app.kind': 'web' }, [none]],
    [{ app: 'bot' }, [none]],
    [{ app: 'agent0', resourceApp: 'crm' }, [none]],
    [{ app: 'agent0', 'app.kind': ['web', 'agent'], resourceApp: 'todo0' }, []],
    [{ group: 'anyone', acr: 'mfa' }, []],
  ])('%j', (when, found) => expect(lint(buildDeny('rule', when))).toEqual(found))

  it('may be meant for later', () => {
    expect(findAll([buildDeny('rule', { app: 'bot' })])).toMatchObject([{ severity: 'info' }])
  })
})
