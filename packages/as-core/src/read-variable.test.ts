import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { readVariable } from './read-variable.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-variable-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(content: string | Uint8Array): string {
  const file = join(folder, 'secret')
  writeFileSync(file, content)
  return file
}

test.each([
  ['unchanged', 's3cret', 's3cret'],
  ['without its final line break', 's3cret\n', 's3cret'],
  ['without a final Windows line break', 's3cret\r\n', 's3cret'],
  ['with all other line breaks', 'one\n\n', 'one\n'],
  ['with spaces', ' s3cret ', ' s3cret '],
  ['of exactly 64 KiB', 'x'.repeat(65_536), 'x'.repeat(65_536)],
])('reads a file %s', (_, content, value) => {
  expect(readVariable({ TOKEN_FILE: write(content) }, 'TOKEN')).toEqual({ accepted: true, value })
})

test('follows links, which Kubernetes uses to mount secrets', () => {
  const link = join(folder, 'link')
  symlinkSync(write('s3cret'), link)
  expect(readVariable({ TOKEN_FILE: link }, 'TOKEN')).toMatchObject({ value: 's3cret' })
})

test.each([
  ['the variable if there is no file', { TOKEN: 'x' }, 'x'],
  ['the variable if the file name is empty', { TOKEN: 'x', TOKEN_FILE: '' }, 'x'],
  ['undefined if neither is set', {}, undefined],
])('returns %s', (_, environment, value) => {
  expect(readVariable(environment, 'TOKEN')).toEqual({ accepted: true, value })
})

test('an empty variable does not override the file', () => {
  expect(readVariable({ TOKEN: '', TOKEN_FILE: write('y') }, 'TOKEN')).toMatchObject({ value: 'y' })
})

test.each([
  ['a file and a variable', { TOKEN: 'geheim' }, 's3cret', /^TOKEN and TOKEN_FILE are both set$/],
  ['an empty file', {}, '', /is empty$/],
  ['a file of one line break', {}, '\n', /is empty$/],
  ['a file over 64 KiB', {}, 'x'.repeat(65_537), /is larger than 65536 bytes$/],
  ['bytes that are not UTF-8', {}, Uint8Array.of(0x61, 0xff), /is not UTF-8 text$/],
  ['a zero byte', {}, 'a\0b', /is not UTF-8 text$/],
])('refuses %s, without repeating the secret', (_, environment, content, what) => {
  const read = readVariable({ ...environment, TOKEN_FILE: write(content) }, 'TOKEN')
  expect(read).toMatchObject({ accepted: false, refusal: { what: expect.stringMatching(what) } })
  expect(JSON.stringify(read)).not.toMatch(/geheim|s3cret/)
})

test('refuses a folder, a missing file, and an unreadable file', () => {
  const read = (file: string) => readVariable({ TOKEN_FILE: file }, 'TOKEN')
  mkdirSync(join(folder, 'sub'))
  expect(read(join(folder, 'sub'))).toMatchObject({
    refusal: { what: expect.stringContaining('not a regular') },
  })
  expect(read(join(folder, 'none'))).toMatchObject({ refusal: { fix: 'name an existing file' } })
  if (process.getuid?.() === 0) return
  const file = write('x')
  chmodSync(file, 0)
  expect(read(file)).toMatchObject({ refusal: { what: expect.stringContaining('(EACCES)') } })
})
