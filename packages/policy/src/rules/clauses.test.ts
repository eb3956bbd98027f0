// Each clause with facts on both sides of its edge, and without the fact it needs.
import { describe, expect, it } from 'vitest'

import type { Truth } from './clause.ts'
import { CLAUSE_NAMES, CLAUSES } from './clauses.ts'
import { checkPolicyDefinition, compileWhen } from './check-policy.ts'
import type { RuleFacts } from './facts.ts'
import { buildDeny, buildFacts, buildFactsWithout, MONDAY_1014_BERLIN } from './testing/rule-fixtures.ts'

type Value = Parameters<typeof buildDeny>[1] extends Record<string, infer V> | undefined ? V : never
type Row = readonly [name: string, value: Value, facts: RuleFacts, expected: Truth, seen: unknown]

const facts = buildFacts()
const signedIn = (secondsAgo: number): RuleFacts => buildFacts({ authTime: MONDAY_1014_BERLIN - secondsAgo })
const user = (changes: Partial<RuleFacts['user']>): RuleFacts =>
  buildFacts({ user: { ...facts.user, ...changes } })
const owned = (hasActiveOwner: boolean | undefined): RuleFacts =>
  buildFacts({ app: { ...facts.app, hasActiveOwner } })

const ROWS: readonly Row[] = [
  ['app', 'agent0', facts, true, 'agent0'],
  ['app', ['agent1', 'agent0'], facts, true, 'agent0'],
  ['app', ['agent1', 'agent'], facts, false, 'agent0'],
  ['app.kind', 'agent', facts, true, 'agent'],
  ['app.kind', ['web', 'service'], facts, false, 'agent'],
  ['app.owner', 'usr_ada', facts, true, 'usr_ada'],
  ['app.owner', 'usr_bob', facts, false, 'usr_ada'],
  ['app.owner', 'usr_ada', buildFacts({ app: { ...facts.app, owners: [] } }), false, []],
  ['app.activeOwner', true, owned(true), true, true],
  ['app.activeOwner', 'false', owned(true), false, true],
  ['app.activeOwner', false, owned(false), true, false],
  ['app.activeOwner', true, owned(false), false, false],
  ['app.activeOwner', false, owned(undefined), 'unknown', null],
  ['user', 'usr_alice', facts, true, ['usr_alice', 'alice']],
  ['user', 'alice', facts, true, ['usr_alice', 'alice']],
  ['user', 'Alice', facts, false, ['usr_alice', 'alice']],
  ['subject.kind', ['workload', 'user'], facts, true, 'user'],
  ['subject.kind', 'user', buildFacts({ subjectKind: 'workload' }), false, 'workload'],
  ['group', ['sales', 'engineering'], facts, true, ['engineering', 'everyone']],
  ['group', 'sales', facts, false, ['engineering', 'everyone']],
  ['group', 'sales', user({ groups: [] }), false, []],
  ['user.attributes.department', 'R&D', facts, true, 'R&D'],
  ['user.attributes.department', ['Legal', 'Sales'], facts, false, 'R&D'],
  ['user.attributes.level', 3, facts, true, '3'],
  ['user.attributes.level', '3', facts, true, '3'],
  ['user.attributes.contractor', false, facts, true, 'false'],
  ['user.attributes.contractor', true, facts, false, 'false'],
  ['user.attributes.missing', 'x', facts, 'unknown', null],
  ['user.attributes.toString', 'x', facts, 'unknown', null],
  ['resourceApp', 'todo0', facts, true, 'todo0'],
  ['resourceApp', 'payroll', facts, false, 'todo0'],
  ['resource', 'https://todo.example/mcp', facts, true, 'https://todo.example/mcp'],
  ['resource', 'https://todo.example/mcp/', facts, false, 'https://todo.example/mcp'],
  ['resource', 'https://todo.example/mcp', buildFacts({ resource: [] }), false, []],
  ['scope', ['todos.delete', 'todos.write'], facts, true, ['todos.read', 'todos.write']],
  ['scope', ['todos.delete'], facts, false, ['todos.read', 'todos.write']],
  ['acr', ['pwd', 'mfa'], facts, true, 'mfa'],
  ['acr', 'pwd', facts, false, 'mfa'],
  ['acr', 'pwd', buildFactsWithout('acr'), 'unknown', null],
  ['authAge.over', '12h', signedIn(43_200), false, '12h'],
  ['authAge.over', '12h', signedIn(43_201), true, '12h1s'],
  ['authAge.over', 0, signedIn(-30), false, '0s'],
  ['authAge.over', '43200', buildFactsWithout('authTime'), 'unknown', null],
  ['authAge.under', '12h', signedIn(43_199), true, '11h59m59s'],
  ['authAge.under', 43_200, signedIn(43_200), false, '12h'],
  ['authAge.under', '12h', buildFactsWithout('authTime'), 'unknown', null],
  ['network', ['192.0.2.0/24', '10.0.0.0/8'], facts, true, '10.1.2.3'],
  ['network', '192.0.2.0/24', facts, false, '10.1.2.3'],
  ['network', '10.0.0.0/8', buildFacts({ ip: '::ffff:10.9.9.9' }), true, '10.9.9.9'],
  ['network', '10.0.0.0/8', buildFactsWithout('ip'), 'unknown', null],
  ['network', '10.0.0.0/8', buildFacts({ ip: 'nonsense' }), 'unknown', null],
  ['network.outside', ['192.0.2.0/24', '10.0.0.0/8'], facts, false, '10.1.2.3'],
  ['network.outside', ['192.0.2.0/24', '10.1.2.0/31'], facts, true, '10.1.2.3'],
  ['network.outside', '10.0.0.0/8', buildFacts({ ip: '::ffff:10.9.9.9' }), false, '10.9.9.9'],
  ['network.outside', '10.0.0.0/8', buildFactsWithout('ip'), 'unknown', null],
  ['time.within', 'Mon 10:14-10:15 Europe/Berlin', facts, true, 'Mon 10:14 Europe/Berlin'],
  ['time.within', 'Mon 10:15-11:00 Europe/Berlin', facts, false, 'Mon 10:14 Europe/Berlin'],
  ['time.within', ['Tue 10:00-11:00 UTC', 'Mon 09:00-10:00 UTC'], facts, true, 'Mon 09:14 UTC'],
  ['time.outside', 'Mon-Fri 07:00-20:00 Europe/Berlin', facts, false, 'Mon 10:14 Europe/Berlin'],
  [
    'time.outside',
    ['Mon 07:00-10:14 Europe/Berlin', 'Sat 00:00-24:00 UTC'],
    facts,
    true,
    'Mon 10:14 Europe/Berlin',
  ],
  ['dpop', true, facts, true, true],
  ['dpop', 'true', facts, true, true],
  ['dpop', false, facts, false, true],
  ['dpop', false, buildFacts({ dpop: false }), true, false],
  ['volume.perHour.over', 10, facts, false, 10],
  ['volume.perHour.over', '9', facts, true, 10],
  ['volume.perHour.over', 0, buildFacts({ volumeLastHour: 0 }), false, 0],
  ['volume.perHour.over', 9, buildFactsWithout('volumeLastHour'), 'unknown', null],
]

describe('clauses', () => {
  it.each(ROWS)('%s: %j', (name, value, at, expected, seen) => {
    const { clauses, problems } = compileWhen(buildDeny('rule', { [name]: value }))
    expect(problems).toEqual([])
    expect(clauses.map((clause) => [clause.judge(at), clause.see(at)])).toEqual([[expected, seen]])
  })

  it.each(CLAUSE_NAMES)('%s has a row that is true, one that is false, and one without its fact', (name) => {
    const rows = ROWS.filter(
      ([row]) => row === name || (name.endsWith('NAME') && row.startsWith('user.attributes')),
    )
    const results = new Set(rows.map(([, , , expected]) => expected))
    const isMissable = CLAUSES.some((type) => type.name === name && type.unknownWhen !== undefined)
    expect(results).toEqual(new Set(isMissable ? [true, false, 'unknown'] : [true, false]))
  })

  it.each(CLAUSES)('$name accepts its own example', ({ name, example }) => {
    const value = (Array.isArray(example) ? [...example] : example) as Value
    expect(checkPolicyDefinition(buildDeny('rule', { [name.replace('NAME', 'department')]: value }))).toEqual(
      [],
    )
  })
})
