import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { AUDIT_EVENT_TYPES } from '../../packages/protocol/src/records/audit-event-types.ts'
import { DECISION_CODES, type DecisionCode } from '../../packages/protocol/src/records/codes.ts'
import { renderAuditEventsPage } from './audit-events-page.ts'
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

test('the page of audit events has one row for each type, with its name in the console', () => {
  const page = renderAuditEventsPage()
  const rows = [...page.matchAll(/^\| `(\w+\.\w+)` \| [A-Z]/gm)].map((match) => match[1])
  expect(rows.sort()).toEqual([...AUDIT_EVENT_TYPES.keys()].sort())
  expect(page).toContain('| `token.refused` | Access token denied | API Activity: Create |')
})

test('escapes cell separators in texts', () => {
  expect(renderDecisionCodesPage({ XAA1602: code })).toContain(
    '| <a id="xaa1602"></a>`XAA1602` | One \\| two | 400 `invalid_scope` | developer | Ask for less. |',
  )
})

test('shows no status for a problem without a response', () => {
  const { error: _, ...rest } = code
  expect(renderDecisionCodesPage({ XAA5002: { ...rest, http: 0 } })).toContain('| – | developer |')
})

test('rejects a group without a title', () => {
  expect(() => renderDecisionCodesPage({ XAA7701: code })).toThrow('no title for the codes XAA77')
})

test('treats a file as stale until it is written, and after its content changes', () => {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-generate-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const file = { path: 'docs/reference/a.md', content: 'a\n' }
  expect(findStaleFiles(root, [file])).toEqual([file.path])
  writeFiles(root, [file])
  expect(findStaleFiles(root, [file])).toEqual([])
  expect(findStaleFiles(root, [{ ...file, content: 'b\n' }])).toEqual([file.path])
})

describe('committed hashes', () => {
  const render = (document: unknown) =>
    JSON.parse(
      renderHashes([{ path: 'a.json', content: JSON.stringify(document), artefact: true }]),
    ) as Readonly<Record<string, string>>

  test('cover a short document as a whole, and change only with it', () => {
    expect(render({})).toEqual({ 'a.json#': '44136fa355b3678a1146ad16f7e8649e' })
    expect(render({ a: 1 })).not.toEqual(render({}))
    expect(render({ a: 1 })).toEqual(render({ a: 1 }))
  })

  test('cover each part of a long document, sorted, so that changes to different parts merge', () => {
    const long = (one: string, other: string) => ({
      paths: { '/b': one.repeat(9000), '/a~': other.repeat(9000) },
    })
    const before = render(long('x', 'y'))
    expect(Object.keys(before)).toEqual(['a.json#/paths/~1a~0', 'a.json#/paths/~1b'])
    const after = render(long('x', 'z'))
    expect(after['a.json#/paths/~1a~0']).not.toBe(before['a.json#/paths/~1a~0'])
    expect(after['a.json#/paths/~1b']).toBe(before['a.json#/paths/~1b'])
  })

  test.each([
    ['16,000 characters are one part', 15_992, ['a.json#']],
    ['16,001 characters are split', 15_993, ['a.json#/a']],
  ])('%s', (_, length, pointers) => {
    expect(Object.keys(render({ a: 'x'.repeat(length) }))).toEqual(pointers)
  })
})
