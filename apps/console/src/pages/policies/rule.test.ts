import { describe, expect, it } from 'vitest'

import { changeClause, emptyRule, parseRule, removeClause, ruleFromTemplate, withEffect } from './rule.ts'

describe('a policy draft', () => {
  it('is parsed from incomplete text', () => {
    expect(parseRule('id: a\neffect: deny\nwhen:\n  app.kind: agent')).toEqual({
      rule: { id: 'a', when: { 'app.kind': 'agent' }, effect: 'deny', state: 'enforced' },
    })
    expect(parseRule('when: 3')).toEqual({ rule: { id: '', when: {}, effect: 'deny', state: 'enforced' } })
  })

  it.each(['a: [', '- a', 'x'])('is not read from %j', (source) => {
    expect(parseRule(source)).toHaveProperty('problem')
  })

  it('keeps only the members of its effect', () => {
    const required = withEffect({ ...emptyRule(), limit: { perHour: 1 } }, 'require')
    expect(required).toMatchObject({ effect: 'require', require: {} })
    expect(required).not.toHaveProperty('limit')
    expect(withEffect(required, 'deny')).not.toHaveProperty('require')
  })

  it('keeps the order of other clauses', () => {
    const rule = { ...emptyRule(), when: { app: 'a', group: 'b', user: 'c' } }
    const changed = changeClause(rule, 1, 'scope', ['x', 'y'])
    expect(Object.entries(changed.when)).toEqual([
      ['app', 'a'],
      ['scope', ['x', 'y']],
      ['user', 'c'],
    ])
    expect(changeClause(rule, 0, 'app', []).when).toMatchObject({ app: '' })
    expect(Object.keys(removeClause(rule, 1).when)).toEqual(['app', 'user'])
  })

  it('starts as report-only, with or without a template', () => {
    for (const name of [undefined, 'nothing', 'toString', 'mfa', 'hours', 'rate', 'contractors'])
      expect(ruleFromTemplate(name).state).toBe('report-only')
  })
})
