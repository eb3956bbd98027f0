// What the thread loads before its first evaluation, for which an administrator waits.
import { execFileSync } from 'node:child_process'

import { expect, it } from 'vitest'

const THREAD = new URL('../evaluator-worker.ts', import.meta.url).href

/** Outside a thread, the file throws, but only after everything that it imports was loaded. */
const PROGRAM = `
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  await import('${THREAD}').catch((error) => urls.push(String(error)))
  console.log(JSON.stringify(urls))`

it('loads what definitions and policy need, but no OpenID provider, page or database driver', () => {
  const args = ['--conditions=crosswalk-source', '--input-type=module', '--eval', PROGRAM]
  const printed = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const urls = JSON.parse(printed) as string[]
  expect(urls.at(-1)).toBe('Error: this file runs only as a worker of evaluator.ts')

  const packages = new Set(urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []))
  expect([...packages]).toEqual(expect.arrayContaining(['ajv', 'zod']))
  const slow = ['oidc-provider', 'openid-client', 'jose', 'kysely', 'pg', '@node-rs/argon2']
  expect(slow.filter((name) => packages.has(name))).toEqual([])
  expect(urls.filter((url) => url.includes('/pages/'))).toEqual([])
})
