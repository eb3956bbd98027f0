import type { DecisionRecord } from '@crosswalk/protocol'
import { afterEach, expect, it, test, vi } from 'vitest'

import { renderRefusalLine, writeRefusals } from './refusal-line.ts'

const RECORD = {
  decision_id: 'dec_1',
  outcome: 'deny',
  code: 'XAA2206',
  summary: { user: '', developer: '', admin: 'agent0 at main: ID-JAG expired.' },
  checks: [
    { id: 'request.form', result: 'pass' },
    { id: 'assertion.expiry', result: 'fail', code: 'XAA2206', expected: 'exp after 100', actual: 90 },
  ],
  remedies: [{ rank: 1, owner: 'developer', text: 'Get a new ID-JAG.' }],
} as unknown as DecisionRecord

const LINE =
  'crosswalk as:main: deny XAA2206. agent0 at main: ID-JAG expired. assertion.expiry, needs exp after 100, has 90. Fix: Get a new ID-JAG. (dec_1)'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('names code, summary, both values and the fix on one line', () => {
  expect(renderRefusalLine(RECORD, 'as:main')).toBe(LINE)
})

it('stays one line of bounded length, whatever a caller sends', () => {
  const actual = `x\ncrosswalk as:main: allow\u001b[2J${'y'.repeat(1000)}`
  const checks = [{ id: 'scope', result: 'fail', actual }] as DecisionRecord['checks']
  const line = renderRefusalLine({ ...RECORD, checks }, 'as:main') ?? ''
  expect(line).not.toMatch(/\p{Cc}/u)
  expect(line.length).toBeLessThan(400)
})

it('returns nothing for granted requests', () => {
  expect(renderRefusalLine({ ...RECORD, outcome: 'allow' }, 'as:main')).toBeUndefined()
})

test.each([
  ['development', [`${LINE}\n`]],
  ['', [`${LINE}\n`]],
  ['production', []],
])('with NODE_ENV=%s it writes %j', (mode, written) => {
  vi.stubEnv('NODE_ENV', mode)
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const tell = writeRefusals('as:main')
  tell(RECORD)
  tell({ ...RECORD, outcome: 'allow' })
  expect(write.mock.calls.map(([text]) => text)).toEqual(written)
})
