// Folders that can be created, and ones that cannot: these must fail instead of retrying forever.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { makeFolder } from './make-folder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test.each(['a', 'a/b/c', 'a b/c', '.', 'there', 'link/c'])('makes %s', (path) => {
  mkdirSync(join(folder, 'there'))
  symlinkSync(join(folder, 'there'), join(folder, 'link'))
  makeFolder(join(folder, path))
  expect(statSync(join(folder, path)).isDirectory()).toBe(true)
})

test('sets the mode of the folders it creates, and of no others', () => {
  mkdirSync(join(folder, 'a'), { mode: 0o755 })
  makeFolder(join(folder, 'a/b/c'), 0o700)
  expect(['a', 'a/b', 'a/b/c'].map((path) => statSync(join(folder, path)).mode & 0o777)).toEqual([
    0o755, 0o700, 0o700,
  ])
})

test.each([
  ['a file', 'file', /EEXIST/],
  ['below a file', 'file/b/c', /EEXIST/],
  ['a dangling link', 'gone/b', /EEXIST/],
])('refuses %s', (_, path, problem) => {
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'nowhere'), join(folder, 'gone'))
  expect(() => makeFolder(join(folder, path))).toThrow(problem)
})

// Node.js itself would retry forever.
test.runIf(existsSync('/proc/self'))('refuses a folder that only the system can create', () => {
  expect(() => makeFolder('/proc/crosswalk/data')).toThrow(/ENOENT/)
})
