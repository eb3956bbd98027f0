import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

/** Runs in a separate process, at whose end the folder is deleted. */
function make(place: string, neededBytes: number): { readonly folder: string; readonly existed: boolean } {
  const code = `
    import { existsSync } from 'node:fs'
    import { makeTemporaryFolder } from './temporary-folder.ts'
    const folder = makeTemporaryFolder(${JSON.stringify({ place, neededBytes })})
    console.log(JSON.stringify({ folder, existed: existsSync(folder) }))`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', code]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}

const place = mkdtempSync(join(tmpdir(), 'crosswalk-place-'))
afterAll(() => rmSync(place, { recursive: true }))

test.each([
  ['there', place, 1, place],
  ['elsewhere with too little memory', place, 2 ** 60, tmpdir()],
  ['elsewhere without such a place', join(place, 'nowhere'), 1, tmpdir()],
])('is made %s, and deleted at the end', (_, wanted, neededBytes, made) => {
  const { folder, existed } = make(wanted, neededBytes)
  expect([dirname(folder), existed]).toEqual([made, true])
  expect(existsSync(folder)).toBe(false)
})
