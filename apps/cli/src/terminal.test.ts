// Text files and standard input: UTF-8 as editors save it; anything else is rejected, not guessed. Questions, and how
// they end without an answer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

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

it.each([true, undefined])('questions are asked only at a terminal: %s', (isTTY) => {
  const stdin = Object.assign(new PassThrough(), { isTTY })
  const { ask, askSecret } = createTerminal({ ...process, stdin } as unknown as NodeJS.Process)
  expect([ask !== undefined, askSecret !== undefined]).toEqual([isTTY === true, isTTY === true])
})

describe.each(['ask', 'askSecret'] as const)('%s', (method) => {
  /** @param typed - by the user, after the question */
  function ask(typed: string) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin })
    const killed: unknown[] = []
    const fake = {
      stdin,
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      pid: 1,
      kill: (...args: unknown[]) => killed.push(args),
    }
    const answer = createTerminal(fake as unknown as NodeJS.Process)[method]?.('name: ')
    stdin.write(typed)
    return { answer, killed }
  }

  it('returns the answer', async () => {
    expect(await ask('alice\r').answer).toBe('alice')
  })

  it('ends the process on Ctrl-C, as without a question', async () => {
    const { answer, killed } = ask('\u0003')
    answer?.catch(() => undefined)
    await vi.waitFor(() => expect(killed).toEqual([[1, 'SIGINT']]))
  })

  it('is an error on Ctrl-D', async () => {
    await expect(ask('\u0004').answer).rejects.toMatchObject({ exitCode: 2, message: 'no answer' })
  })
})
