// The process itself, where no one reads what it writes.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const COMMAND = [
  process.execPath,
  '--conditions=crosswalk-source',
  '--disable-warning=ExperimentalWarning',
  MAIN,
]

/** @param redirection - where a shell sends standard output, and after it what else it does */
function runTo(redirection: string) {
  const script = `"$@" ${redirection}`
  return spawnSync('sh', ['-c', script, 'sh', ...COMMAND, 'completion', 'bash'], { encoding: 'utf8' })
}

it('writes its answer to a file', () => {
  const { status, stderr } = runTo('> /dev/null')
  expect([status, stderr]).toEqual([0, ''])
})

it.runIf(existsSync('/dev/full'))('says so where there is no room for the answer', () => {
  const { status, stderr } = runTo('> /dev/full')
  expect([status, stderr.split('\n')[0]]).toEqual([1, 'error: the answer cannot be written (ENOSPC)'])
  expect(stderr).not.toContain('at ')
})

it('ends silently when the reader has had enough', () => {
  const { stderr } = runTo('| true')
  expect(stderr).toBe('')
})
