// Files as editors save them: which are accepted, and what is reported for the others.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { loadConfiguration } from './load-configuration.ts'
import { loadDocument } from './load-document.ts'
import { readText, describeUnreadable } from './read-text.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-text-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(bytes: string | Buffer): string {
  const file = join(folder, 'a file.yaml')
  writeFileSync(file, bytes)
  return file
}

const TEXT = 'a: 1\nb: Zoé \ufffd 😀\n'

it.each([
  ['UTF-8', Buffer.from(TEXT), TEXT],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${TEXT}`), TEXT],
  ['nothing', Buffer.alloc(0), ''],
])('accepts %s', (_, bytes, text) => expect(readText(write(bytes), 'look')).toEqual({ text }))

it.each([
  ['Latin-1', Buffer.from('a: 1\nb: Zo\u00e9\n', 'latin1'), 2],
  ['UTF-16', Buffer.from('a: 1\nb: 2\n', 'utf16le'), 1],
  ['UTF-16 with its mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 1],
  ['UTF-8 that was cut off', Buffer.from('a: 1\n\nb: é').subarray(0, -1), 3],
  ['zeros', Buffer.from('a: 1\nb: \0'), 2],
])('rejects %s with the line', (_, bytes, line) => {
  const file = write(bytes)
  const problem = { file, line, what: 'the file is not UTF-8 text', fix: 'save it as UTF-8' }
  expect(loadConfiguration(file, {}).problems).toMatchObject([problem])
  expect(loadDocument([file], {}).problems).toMatchObject([problem])
})

it('suggests a fix if there is no such file', () => {
  mkdirSync(join(folder, 'folder'))
  const fixOf = (name: string) => {
    const read = readText(join(folder, name), 'look')
    return 'problem' in read ? [read.problem.what, read.problem.fix] : []
  }
  expect(fixOf('nothing')).toEqual(['the file cannot be read (ENOENT)', 'look'])
  expect(fixOf('folder')).toEqual(['the file cannot be read (EISDIR)', 'name a file; this is a folder'])
})

// Tests may run as the superuser, who can read any file.
it.each([
  ['EACCES', 'give read permission to the user that runs this'],
  ['EPERM', 'give read permission to the user that runs this'],
  ['EIO', 'look'],
])('suggests a fix for %s', (code, fix) => {
  const error = Object.assign(new Error(code), { code })
  expect(describeUnreadable('a.yaml', error, 'look')).toMatchObject({
    what: `the file cannot be read (${code})`,
    fix,
  })
})
