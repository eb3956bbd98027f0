// What a run of the doctor reports: the changes since the run before, and the formats of build systems.
import type { Finding } from '@crosswalk/lab'
import { describe, expect, it } from 'vitest'

import { renderDoctorJunit, renderSarif } from './render-for-builds.ts'
import { compareFindings } from './since-last.ts'

const SUBJECT = 'https://idp.test'
const finding = (id: string, result: Finding['result'], change: object = {}): Finding =>
  ({
    ...{ id, title: `title of ${id}`, subject: SUBJECT, result, severity: 'fail', why: 'why' },
    ...(result === 'pass' ? {} : { what: `what of ${id}.`, fix: 'Fix it.' }),
    ...change,
  }) as Finding

describe('since the run before', () => {
  const before = compareFindings(undefined, [finding('A', 'warn'), finding('B', 'pass')], 0).state

  it.each<[string, readonly Finding[], object]>([
    ['the same problem is unchanged', [finding('A', 'warn')], { unchanged: 1 }],
    ['a problem that passes now is resolved', [finding('A', 'pass')], { resolved: ['A'] }],
    ['a problem that is not examined now is resolved', [], { resolved: ['A'] }],
    ['a problem that was skipped is unchanged', [finding('A', 'skipped')], { unchanged: 1 }],
    ['a problem of another severity is new', [finding('A', 'fail')], { added: ['A'] }],
    [
      'the same problem elsewhere is new',
      [finding('A', 'warn', { subject: 'https://other.test' })],
      { added: ['A'], resolved: ['A'] },
    ],
    [
      'information is a problem',
      [finding('A', 'warn'), finding('C', 'info')],
      { added: ['C'], unchanged: 1 },
    ],
    ['what passes is no problem', [finding('A', 'warn'), finding('C', 'pass')], { unchanged: 1 }],
  ])('%s', (_, now, expected) => {
    const { changes } = compareFindings(before, now, 1000)
    const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)
    expect({ ...changes, added: ids(changes.added), resolved: ids(changes.resolved) }).toEqual({
      ...{ added: [], resolved: [], unchanged: 0, since: '1970-01-01T00:00:00.000Z' },
      ...expected,
    })
  })

  it('a problem that was skipped is resolved by the run after', () => {
    const skipped = compareFindings(before, [finding('A', 'skipped')], 1000).state
    expect(skipped).toMatchObject({ at: '1970-01-01T00:00:01.000Z', problems: [{ id: 'A', result: 'warn' }] })
    expect(compareFindings(skipped, [finding('A', 'pass')], 2000)).toMatchObject({
      changes: { resolved: [{ id: 'A' }], since: '1970-01-01T00:00:01.000Z' },
      state: { problems: [] },
    })
  })
})

describe('for build systems', () => {
  it.each([
    [false, 1, 3],
    [true, 2, 2],
  ])('JUnit with --strict %s has %i failures and %i skipped cases', (strict, failures, skipped) => {
    const all = [
      ...[finding('A', 'pass'), finding('B', 'fail'), finding('C', 'warn'), finding('D', 'info')],
      finding('E', 'skipped', { what: undefined, because: 'B', subject: 'https://as.test' }),
    ]
    const xml = renderDoctorJunit(all, { strict })
    const count = (pattern: RegExp) => xml.match(pattern)?.length ?? 0
    expect([count(/<failure /g), count(/<skipped /g), count(/<testsuite /g)]).toEqual([failures, skipped, 2])
    expect(xml).toContain('message="skipped because of B"')
    expect(xml).toContain('name="A title of A"')
  })

  it.each([
    ['crosswalk.yaml:12', 'crosswalk.yaml', { uri: 'crosswalk.yaml', line: 12 }],
    ['other.yaml:3', undefined, { uri: 'other.yaml', line: 3 }],
    ['https://as.test:8443', 'crosswalk.yaml', { uri: 'crosswalk.yaml', line: 1 }],
    ['https://as.test:8443', undefined, undefined],
    ['agent0-todo0', 'crosswalk.yaml', { uri: 'crosswalk.yaml', line: 1 }],
  ])('SARIF shows a problem of %s in the file %s at %j', (subject, file, place) => {
    const scan = JSON.parse(renderSarif([finding('A', 'fail', { subject })], file)) as {
      runs: { results: { locations: object[] }[] }[]
    }
    const logicalLocations = [{ fullyQualifiedName: subject }]
    const physicalLocation = place && {
      artifactLocation: { uri: place.uri },
      region: { startLine: place.line },
    }
    expect(scan.runs[0]?.results[0]?.locations).toEqual([
      { logicalLocations, ...(physicalLocation && { physicalLocation }) },
    ])
  })

  it('SARIF has problems only, each with its level, and each rule once', () => {
    const other = { subject: 'https://as.test' }
    const results = ['fail', 'warn', 'info', 'pass', 'skipped'] as const
    const all = [...results.map((result) => finding(result, result)), finding('fail', 'fail', other)]
    const { runs } = JSON.parse(renderSarif(all, undefined)) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: object[] }[]
    }
    expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(['fail', 'warn', 'info'])
    expect(runs[0]?.results).toMatchObject([
      { ruleId: 'fail', level: 'error', message: { text: 'what of fail. Fix it.' } },
      { ruleId: 'warn', level: 'warning' },
      { ruleId: 'info', level: 'note' },
      { ruleId: 'fail', level: 'error' },
    ])
  })
})
