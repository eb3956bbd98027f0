import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { digest } from '@crosswalk/as-core'
import { expect, it, onTestFinished } from 'vitest'

import { createCheckpointFile, readStatements } from './checkpoint-file.ts'
import { createCheckpointSeal } from './checkpoint-seal.ts'

const seal = createCheckpointSeal({ keyedDigest: (label, text) => digest(`${label} ${text}`) })
const sign = (chain: string, seq: number) =>
  seal.sign({ log: 'idp', chain, seq, hash: 'h', kind: 'head', time: '2026-06-15T08:00:00.000Z' })

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-checkpoints-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it('appends each of our statements once, whichever process of the machine was first', async () => {
  const file = join(createFolder(), 'checkpoints')
  const [one, two] = [createCheckpointFile(file, seal), createCheckpointFile(file, seal)]
  const [first, idle, second] = [await sign('idp', 1), await sign('idp/1', 1), await sign('idp', 2)]
  await one.append([first, idle])
  await two.append([first, idle, 'written to the database by someone'])
  // The disk was full in the middle of a line.
  appendFileSync(file, second.slice(0, 20))
  await two.append([second, idle])
  await one.append([second, idle])
  expect(readFileSync(file, 'utf8').split('\n')).toEqual([first, idle, second.slice(0, 20), second, ''])
})

it('reads the newest thousand statements of each chain, and counts lines that are not ours', async () => {
  const file = join(createFolder(), 'checkpoints')
  expect(await readStatements(file, seal)).toEqual({ sealed: [], foreign: 0 })
  await createCheckpointFile(file, seal).append([await sign('other', 7)])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const statements = await Promise.all(Array.from({ length: 1001 }, (_, index) => sign('idp', index + 1)))
  appendFileSync(file, `\nno statement\n${statements.join('\r\n')}\n`)
  const { sealed, foreign } = await readStatements(file, seal)
  const seqsOf = (name: string) => sealed.filter(({ chain }) => chain === name).map(({ seq }) => seq)
  expect([seqsOf('other'), seqsOf('idp').length, seqsOf('idp')[0], seqsOf('idp').at(-1), foreign]).toEqual([
    ...[[7], 1000, 2, 1001, 1],
  ])
})
