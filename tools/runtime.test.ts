import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
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
  writeFileSync(
    join(folder, 'wait.mts'),
    `process.on('SIGTERM', () => { console.log('stopped by SIGTERM'); process.exit() })\nconsole.log('ready')\nsetInterval(() => {}, 1000)`,
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

test('names the package of a library that a minimal Linux lacks', () => {
  writeFileSync(join(folder, 'unloadable.mts'), 'process.exit(127)')
  const { status, stderr } = spawnSync(process.execPath, [RUNTIME, join(folder, 'unloadable.mts')], {
    encoding: 'utf8',
  })
  expect(status).toBe(127)
  expect(stderr).toContain('libatomic1')
})

test('stops when npm was terminated, which ends only the shell between them', async () => {
  const command = `'${process.execPath}' '${RUNTIME}' '${join(folder, 'wait.mts')}'; :`
  const shell = spawn('/bin/sh', ['-c', command], { env: { ...process.env, npm_lifecycle_event: 'start' } })
  await once(shell.stdout, 'data')
  shell.kill('SIGTERM')
  const [said] = (await once(shell.stdout, 'data')) as [Buffer]
  expect(said.toString()).toBe('stopped by SIGTERM\n')
  // Output ends with the last process that could write to it.
  await once(shell.stdout, 'end')
})
