// Text files and standard input: UTF-8 as editors save it; anything else is rejected, not guessed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createTerminal, readStdin, readTextFile } from './terminal.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-terminal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function readFrom(bytes: Buffer) {
  const file = join(folder, 'file')
  writeFileSync(file, bytes)
  return readTextFile(file)
}

const readFromStdin = (bytes: Buffer) =>
  readStdin(createTerminal({ ...process, stdin: Readable.from([bytes]) } as unknown as NodeJS.Process))

describe.each([
  ['a file', async (bytes: Buffer) => readFrom(bytes)],
  ['standard input', readFromStdin],
])('%s', (_, read) => {
  it.each(['', 'zo\u00e9 \u{1f600}\n', '\ufeff{"a":1}'])('accepts %j', async (text) =>
    expect(await read(Buffer.from(text))).toBe(text.replace('\ufeff', '')),
  )

  it.each([
    ['Latin-1', Buffer.from('zo\u00e9', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffa', 'utf16le')],
  ])('rejects %s', (_name, bytes) =>
    expect(read(bytes)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/is not UTF-8 text$/),
    }),
  )
})
