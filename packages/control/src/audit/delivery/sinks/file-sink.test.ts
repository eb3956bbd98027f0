import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { createFileSink } from './file-sink.ts'

it('appends lines to a file that only its owner reads, after a line that a crash has torn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-file-sink-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'events.ndjson')
  const sink = createFileSink({ id: 'file', type: 'file', path, format: 'ndjson' })
  const send = (...seqs: readonly number[]) =>
    sink.send({ chain: 'idp', events: seqs.map((seq) => ({ chain: 'idp', seq, event: {} }) as never) })
  expect(await send(1, 2)).toBeUndefined()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  appendFileSync(path, '{"torn')
  await send(3)
  await send(4)
  const lines = [1, 2, '{"torn', 3, 4].map((seq) =>
    typeof seq === 'string' ? seq : JSON.stringify({ chain: 'idp', seq }),
  )
  expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`)
})
