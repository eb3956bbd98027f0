// Every URL that `npm start` prints works.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

let world: ChildProcess
let printed = ''
beforeAll(async () => {
  world = spawn('npm', ['start', '--silent', '--', '--port-base', '0'], { cwd: ROOT, detached: true })
  world.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  while (!printed.includes('Ctrl-C stops everything'))
    await new Promise((resolve) => setTimeout(resolve, 100))
})
afterAll(async () => {
  const ended = once(world, 'exit')
  process.kill(-(world.pid ?? 0), 'SIGINT')
  await ended
})

it('opens every URL of the start table in a browser', async () => {
  const table = printed.slice(printed.indexOf('What '), printed.indexOf('User '))
  const urls = [...table.matchAll(/http:\S+/g)].map(([url]) => url)
  expect(urls.length).toBeGreaterThanOrEqual(6)
  const opened = await Promise.all(
    urls.map(async (url) => {
      const { status, headers } = await fetch(url, { headers: { accept: 'text/html,*/*;q=0.8' } })
      return [url, status, /^text\/(html|plain)/.test(headers.get('content-type') ?? '')]
    }),
  )
  expect(opened).toEqual(urls.map((url) => [url, 200, true]))
})
