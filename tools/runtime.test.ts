import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, test } from 'vitest'

const RUNTIME = fileURLToPath(new URL('./runtime.mjs', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-runtime-'))
  const say =
    'console.log(JSON.stringify({ cache: process.env.NODE_COMPILE_CACHE, args: process.argv.slice(2) }))'
  writeFileSync(
    join(folder, 'say.mts'),
    `const text: string = 'types'\n${say}\nprocess.exitCode = text.length`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

function run(env: Readonly<Record<string, string>>): { status: number; said: unknown } {
  const rest = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== 'NODE_COMPILE_CACHE'),
  )
  try {
    execFileSync(process.execPath, [RUNTIME, join(folder, 'say.mts'), 'one'], { env: { ...rest, ...env } })
    return { status: 0, said: undefined }
  } catch (failed) {
    const { status, stdout } = failed as { status: number; stdout: Buffer }
    return { status, said: JSON.parse(stdout.toString()) }
  }
}

test('runs TypeScript with its arguments, exits with the same status, and caches compiled code next to the packages', () => {
  const cache = join(RUNTIME, '../../node_modules/.cache/crosswalk')
  expect(run({})).toEqual({ status: 5, said: { cache, args: ['one'] } })
})

test('uses another cache folder if one is set', () => {
  const cache = join(folder, 'cache')
  expect(run({ NODE_COMPILE_CACHE: cache }).said).toEqual({ cache, args: ['one'] })
})
