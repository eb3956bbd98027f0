// Several files as one document.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { loadDocument } from './load-document.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-document-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function load(...texts: readonly string[]) {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.yaml`)
    writeFileSync(file, text)
    return file
  })
  return { files, ...loadDocument(files, {}) }
}

it('concatenates lists, and finds each object in its file', () => {
  const { files, document, locate } = load('idp:\n  apps:\n    - id: one\n', 'idp:\n  apps:\n    - id: two\n')
  expect(document).toEqual({ idp: { apps: [{ id: 'one' }, { id: 'two' }] } })
  expect(locate('/idp/apps/0')).toEqual({ file: files[0], line: 3 })
  expect(locate('/idp/apps/1')).toEqual({ file: files[1], line: 3 })
})

it.each([
  ['no valid YAML', 'idp: [\n', 2],
  ['a key twice', 'idp:\n  apps: []\n  apps: []\n', 3],
  ['a list', '- idp\n', 1],
  ['a text', 'idp\n', 1],
  ['a variable that is not set', 'idp:\n  issuer: ${NONE}\n', 2],
])('a file with %s is a problem of the whole document', (_, text, line) => {
  const { files, document, problems } = load('idp:\n  apps: []\n', text)
  expect(document).toBeUndefined()
  expect(problems).toMatchObject([{ severity: 'error', file: files[1], line }])
})

it('a secret keeps a variable that is not set, and a file may be empty', () => {
  const secret = 'idp:\n  apps:\n    - auth: { secret: "${NONE}" }\n'
  const { document, problems } = load(secret, '# nothing yet\n')
  expect([document, problems]).toEqual([{ idp: { apps: [{ auth: { secret: '${NONE}' } }] } }, []])
})

it.each([
  ['a text', 'idp: here\n', 'idp:\n  apps: []\n', { idp: { apps: [] } }],
  ['a list', 'idp: [1]\n', 'idp:\n  apps: []\n', { idp: { apps: [] } }],
  ['no value', 'idp:\n', 'idp:\n  apps: []\n', { idp: { apps: [] } }],
  ['a text in the later file', 'idp:\n  apps: []\n', 'idp: here\n', { idp: 'here' }],
])('takes the last value of a section that is %s in another file', (_, first, second, expected) => {
  expect(load(first, second).document).toEqual(expected)
})
