// How long a command waits for a slow server, and how it ends when the time is up.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { runCrosswalk } from '../testing/run-crosswalk.ts'

const PAGE = JSON.stringify({ items: [], next: null })
/** How the server handles the next request */
let answer: (response: ServerResponse) => void
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer((_, response) => answer(response.setHeader('content-type', 'application/json')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

afterEach(() => void vi.useRealTimers())

const crosswalk = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCrosswalk([...args, '--server', url], { env: { CROSSWALK_ADMIN_TOKEN: 'token', ...env } })

const never = () => undefined
const atOnce = (response: ServerResponse) => void response.end(PAGE)
const inParts = (response: ServerResponse) => void response.write(PAGE.slice(0, 5))

describe('--timeout', () => {
  it.each([
    ['that never responds', never, '0.2', 9],
    ['that starts to respond', inParts, '0.2', 9],
    ['that responds', atOnce, '60', 0],
  ])('ends a command for a server %s', async (_, how, limit, exitCode) => {
    answer = how
    const ended = await crosswalk(['user', 'list', '--timeout', limit])
    expect(ended.exitCode).toBe(exitCode)
    if (exitCode !== 0) expect(ended.err).toMatch(/^error: http\S+ did not respond in time\nfix: .*--timeout/)
  })

  it('is reported in JSON', async () => {
    answer = never
    const { out } = await crosswalk(['user', 'list', '--timeout', '0.2', '-o', 'json'])
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'timeout', exit_code: 9 } })
  })

  it('does not limit an export once it has started', async () => {
    const started = Promise.withResolvers<ServerResponse>()
    answer = (response) => {
      response.write('{"seq":1}\n')
      started.resolve(response)
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const running = crosswalk(['audit', 'export', '--timeout', '10'])
    const response = await started.promise
    await expect.poll(() => vi.getTimerCount(), { timeout: 20_000, interval: 10 }).toBe(0)
    vi.useRealTimers()
    response.end('{"seq":2}\n')
    expect(await running).toEqual({ exitCode: 0, out: '{"seq":1}\n{"seq":2}\n', err: '' })
    answer = never
    expect((await crosswalk(['audit', 'export', '--timeout', '0.2'])).exitCode).toBe(9)
  })

  it.each(['0', '-1', 'soon', '100000'])('rejects %s', async (text) => {
    answer = atOnce
    expect((await crosswalk(['user', 'list', `--timeout=${text}`])).exitCode).toBe(2)
  })
})
