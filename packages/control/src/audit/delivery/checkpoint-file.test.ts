import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { digest } from '@crosswalk/as-core'
import { expect, it, onTestFinished } from 'vitest'

import { appendStatement, readStatements } from './checkpoint-file.ts'
import { createCheckpointSeal } from './checkpoint-seal.ts'

const seal = createCheckpointSeal({ keyedDigest: (label, text) => digest(`${label} ${text}`) })
const sign = (chain: string, seq: number) =>
  seal.sign({ log: 'idp', chain, seq, hash: 'h', kind: 'head', time: '2026-06-15T08:00:00.000Z' })

it('reads the newest thousand statements of each chain, and counts lines that are not ours', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-checkpoints-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'checkpoints')
  expect(await readStatements(file, seal)).toEqual({ sealed: [], foreign: 0 })
  await appendStatement(file, await sign('other', 7))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const statements = await Promise.all(Array.from({ length: 1001 }, (_, index) => sign('idp', index + 1)))
  appendFileSync(file, `\nno statement\n${statements.join('\r\n')}\n`)
  const { sealed, foreign } = await readStatements(file, seal)
  const seqsOf = (name: string) => sealed.filter(({ chain }) => chain === name).map(({ seq }) => seq)
  expect([seqsOf('other'), seqsOf('idp').length, seqsOf('idp')[0], seqsOf('idp').at(-1), foreign]).toEqual([
    ...[[7], 1000, 2, 1001, 1],
  ])
})
