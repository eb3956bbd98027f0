import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { DECISION_CODES, type DecisionCode } from '../../packages/protocol/src/codes.ts'
import { renderDecisionCodesPage } from './decision-codes-page.ts'
import { renderHashes } from './artefact-hashes.ts'
import { findStaleFiles, writeFiles } from './sync-files.ts'

const code: DecisionCode = {
  meaning: 'One | two',
  kind: 'no_match',
  http: 400,
  error: 'invalid_scope',
  owner: 'developer',
  remedy: 'Ask for less.',
}

test('the page has one row for each code, and a section for each group', () => {
  const page = renderDecisionCodesPage(DECISION_CODES)
  const rows = [...page.matchAll(/^\| <a id="\w+"><\/a>`(XAA\d{4})` \|/gm)].map((match) => match[1])
  expect(rows).toEqual(Object.keys(DECISION_CODES))
})

test('a row keeps its cells apart whatever the texts hold', () => {
  expect(renderDecisionCodesPage({ XAA1602: code })).toContain(
    '| <a id="xaa1602"></a>`XAA1602` | One \\| two | 400 `invalid_scope` | developer | Ask for less. |',
  )
})

test('what never went over the wire shows no status', () => {
  const { error: _, ...rest } = code
  expect(renderDecisionCodesPage({ XAA5002: { ...rest, http: 0 } })).toContain('| – | developer |')
})

test('a group without a title is refused', () => {
  expect(() => renderDecisionCodesPage({ XAA7701: code })).toThrow('no title for the codes XAA77')
})

test('a file is stale until written, and again once its content changed', () => {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-generate-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const file = { path: 'docs/reference/a.md', content: 'a\n' }
  expect(findStaleFiles(root, [file])).toEqual([file.path])
  writeFiles(root, [file])
  expect(findStaleFiles(root, [file])).toEqual([])
  expect(findStaleFiles(root, [{ ...file, content: 'b\n' }])).toEqual([file.path])
})

test('the committed hashes change with any artefact, and with nothing else', () => {
  const file = { path: 'a.json', content: '{}', artefact: true } as const
  expect(JSON.parse(renderHashes([file]))).toEqual({
    'a.json': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  })
  expect(renderHashes([{ ...file, content: '{ }' }])).not.toBe(renderHashes([file]))
  expect(renderHashes([{ ...file }])).toBe(renderHashes([file]))
})
