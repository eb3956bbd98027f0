import { describe, expect, it } from 'vitest'

import { AREAS, REQUIREMENTS } from '../../tests/src/requirements/catalogue.ts'
import { DECISIONS } from '../../tests/src/requirements/decisions.ts'
import { EXCEPTIONS } from '../../tests/src/requirements/exceptions.ts'
import { findIds } from './find-ids.ts'
import { judgeRequirements } from './judge.ts'
import { readTestFile } from './read-test-file.ts'

const areas = ['RAS', 'DPOP', 'AT']

describe('ids in a title', () => {
  it.each([
    ['spends it once (RAS-18, RAS-19)', ['RAS-18', 'RAS-19']],
    ['RAS-08 to RAS-10 and RAS-12', ['RAS-08', 'RAS-09', 'RAS-10', 'RAS-12']],
    ['DPOP-09…11', ['DPOP-09', 'DPOP-10', 'DPOP-11']],
    ['DPOP-10...DPOP-11', ['DPOP-10', 'DPOP-11']],
    ['RAS-18/19/20', ['RAS-18', 'RAS-19', 'RAS-20']],
    ['twice: RAS-18 and RAS-18', ['RAS-18']],
    ['SHA-25, ras-18, FORMAT-01, RAS-1, RAS-123', []],
  ])('%s', (title, ids) => expect(findIds(title, areas)).toEqual(ids))
})

describe('tests of a file', () => {
  const titles = (source: string) => readTestFile('a.test.ts', source, areas).map(({ title }) => title)

  it('reads titles of tests and suites, tables and templates, but not comments', () => {
    const source = [
      "describe('AT-01 suite', () => { it('plain (RAS-01)', () => {}) })",
      "it.each([['row RAS-02', 1]])('%s', () => {})",
      'it(`made of ${1} (RAS-03)`, () => {})',
      '// RAS-04',
      "it.skipIf(false)('sometimes (RAS-05)', () => {})",
    ]
    expect(titles(source.join('\n'))).toEqual([
      'AT-01 suite',
      'plain (RAS-01)',
      'row RAS-02',
      'made of ${1} (RAS-03)',
      'sometimes (RAS-05)',
    ])
  })

  it('ignores tests that never run', () => {
    expect(
      titles(
        "it.skip('RAS-01', () => {}); test.todo('RAS-02'); describe.skip('RAS-03', () => { it('RAS-04') })",
      ),
    ).toEqual([])
  })

  it('ignores keywords in a table', () => {
    expect(titles("test.each([['RAS-01', 'https://as.todo.test/skip.skip']])('%s of %s', () => {})")).toEqual(
      ['RAS-01'],
    )
  })
})

describe('the check', () => {
  const requirements = [
    { id: 'RAS-01', level: 'MUST', source: 'own', title: 'one' },
    { id: 'RAS-02', level: 'MAY', source: 'own', title: 'two' },
    { id: 'RAS-03', level: 'MAY/MUST*', source: 'own', title: 'three' },
  ]
  const judge = (named: string[], excepted: string[]) =>
    judgeRequirements({
      requirements,
      exceptions: excepted.map((id) => ({ id, state: 'missing', reason: 'why' })),
      tests: named.map((id) => ({ file: 'a.test.ts', title: 'does it', ids: [id] })),
    }).map(({ problem }) => problem)

  it('requires a test or an exception for each binding requirement, and nothing else', () => {
    expect(judge(['RAS-01', 'RAS-03'], [])).toEqual([])
    expect(judge(['RAS-01'], ['RAS-03'])).toEqual([])
    expect(judge(['RAS-01'], [])).toEqual(['RAS-03 (three) is named by no test'])
  })

  it('reports stale exceptions and unknown ids', () => {
    const given = ['RAS-01', 'RAS-03']
    expect(judge(given, ['RAS-03'])).toEqual(['RAS-03 is excepted, but a.test.ts names it: "does it"'])
    expect(judge(given, ['RAS-09'])).toEqual(['RAS-09 is excepted, but is not a requirement'])
    expect(judge(given, ['RAS-02', 'RAS-02'])).toEqual(['RAS-02 is excepted twice'])
    expect(judge([...given, 'RAS-77'], [])).toEqual([
      'a.test.ts: "does it" names RAS-77, which is not a requirement',
    ])
  })
})

describe('the data', () => {
  it('has 305 requirements in 17 areas, each id once, and fourteen decisions', () => {
    const ids = REQUIREMENTS.map(({ id }) => id)
    expect([ids.length, new Set(ids).size, AREAS.length, DECISIONS.length]).toEqual([305, 305, 17, 14])
  })

  it('has a reason for every exception', () => {
    for (const { reason } of EXCEPTIONS) expect(reason.length).toBeGreaterThan(15)
  })
})
