// The process itself, when its output cannot be written or is not read.
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

/** @param redirection - of standard output, as shell syntax */
function runTo(redirection: string) {
  const script = `"$@" ${redirection}`
  return spawnSync('sh', ['-c', script, 'sh', ...COMMAND, 'completion', 'bash'], { encoding: 'utf8' })
}

it('writes its output to a file', () => {
  const { status, stderr } = runTo('> /dev/null')
  expect([status, stderr]).toEqual([0, ''])
})

it.runIf(existsSync('/dev/full'))('reports that the disk is full', () => {
  const { status, stderr } = runTo('> /dev/full')
  expect([status, stderr.split('\n')[0]]).toEqual([1, 'error: the output cannot be written (ENOSPC)'])
  expect(stderr).not.toContain('at ')
})

it('ends silently when the reader closes the pipe', () => {
  const { stderr } = runTo('| true')
  expect(stderr).toBe('')
})
