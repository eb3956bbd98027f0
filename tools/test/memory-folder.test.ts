import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

/** Runs in a process of its own, because the folder is deleted at its end. */
function make(
  place: string,
  neededBytes: number,
): { readonly folder: string | null; readonly existed: boolean } {
  const code = `
    import { existsSync } from 'node:fs'
    import { makeMemoryFolder } from './memory-folder.ts'
    const folder = makeMemoryFolder(${JSON.stringify({ place, neededBytes })}) ?? null
    console.log(JSON.stringify({ folder, existed: existsSync(folder ?? '') }))`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', code]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}

test('is deleted at the end', () => {
  const { folder, existed } = make(tmpdir(), 1)
  expect([dirname(folder ?? ''), existed]).toEqual([tmpdir(), true])
  expect(existsSync(folder ?? '')).toBe(false)
})

test.each([
  ['too little memory', tmpdir(), 2 ** 60],
  ['no such place', join(tmpdir(), 'nowhere'), 1],
])('is not made with %s', (_what, place, neededBytes) => {
  expect(make(place, neededBytes).folder).toBeNull()
})
