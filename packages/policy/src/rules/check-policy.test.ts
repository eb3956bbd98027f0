import { describe, expect, it } from 'vitest'

import { checkPolicyDefinition } from './check-policy.ts'
import { compileRules } from './compile-rules.ts'
import { buildDeny, buildLimit, buildRequire } from './testing/rule-fixtures.ts'

describe('checkPolicyDefinition', () => {
  it.each([
    ['app.knd', 'agent', 'there is no clause `app.knd`', 'did you mean `app.kind`?'],
    ['user.attributes.', 'x', 'there is no clause `user.attributes.`', /./],
    ['constructor', 'x', 'there is no clause `constructor`', /^use one of app, app.kind/],
    ['app.kind', 'agnt', 'there is no "agnt"', 'did you mean `agent`?'],
    ['app.kind', 'spaceship', 'there is no "spaceship"', 'write one of agent, web, service'],
    ['authAge.over', '12 hours', 'this is not a duration', /^write seconds/],
    ['authAge.under', true, 'this is not a duration', /^write seconds/],
    ['dpop', 'yes', 'this is neither true nor false', 'write true or false'],
    ['volume.perHour.over', -1, 'this is not a whole number', /^write a whole number/],
    ['volume.perHour.over', 'many', 'this is not a whole number', /^write a whole number/],
    ['network', '10.0.0.0/33', '"10.0.0.0/33" is not an address range', /^write a range/],
    ['time.within', '07:00', '"07:00" is not a time window', /^write days/],
  ])('refuses %s: %j', (name, value, problem, fix) => {
    const found = checkPolicyDefinition(buildDeny('rule', { [name]: value }))
    expect(found.map((one) => [one.path, one.problem])).toEqual([[['when', name], problem]])
    expect(found[0]?.fix).toEqual(typeof fix === 'string' ? fix : expect.stringMatching(fix))
  })

  it('names the place in a list, and reports every problem together', () => {
    const found = checkPolicyDefinition(
      buildDeny('rule', { network: ['10.0.0.0/8', 'x', '10.0.0.1/8'], 'authAge.over': ['1h', '2h'] }),
    )
    expect(found.map(({ path }) => path)).toEqual([
      ['when', 'network', 1],
      ['when', 'network', 2],
      ['when', 'authAge.over'],
    ])
  })

  it.each([
    [buildRequire('rule', {}), 'require', 'this requires nothing'],
    [buildRequire('rule', { dpop: false }), 'require', 'this requires nothing'],
    [buildLimit('rule', {}), 'limit', 'this limits nothing'],
  ])('refuses a rule without an effect', (policy, place, problem) => {
    expect(checkPolicyDefinition(policy)).toMatchObject([{ path: [place], problem }])
  })

  it('accepts rules with an effect', () => {
    expect(checkPolicyDefinition(buildRequire('rule', { dpop: true }))).toEqual([])
    expect(checkPolicyDefinition(buildLimit('rule', { scopes: [] }))).toEqual([])
    expect(checkPolicyDefinition(buildDeny('rule'))).toEqual([])
  })
})

it('compileRules throws on unchecked rules, even if they are off', () => {
  expect(() => compileRules([buildDeny('typo', { 'app.knd': 'agent' }, { state: 'off' })])).toThrow(
    'policy typo, when.app.knd: there is no clause `app.knd`',
  )
})
