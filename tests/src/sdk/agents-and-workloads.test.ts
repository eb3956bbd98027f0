// Follows the page about agents that call agents: its configuration, requests and commands.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'

import { crosswalk } from '../cli/run-crosswalk.ts'
import { readSnippets } from '../packages/snippets.ts'
import { getAccessToken } from '../support/chain.ts'
import { signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const run = promisify(execFile)
const snippets = readSnippets(new URL('../../../docs/how-to/agents-and-workloads.md', import.meta.url))
const [exchange, simulate] = snippets.filter(({ language }) => language === 'sh').map(({ code }) => code)
const at = (baseUrl: string, text = '') => text.replaceAll('http://127.0.0.1:4000', baseUrl)

let server: TestServer
beforeAll(async () => {
  const file = snippets.find(({ info }) => info === 'crosswalk.yaml')?.code
  server = await startTestServer({ file: (baseUrl) => parse(at(baseUrl, file)) as Record<string, unknown> })
})
afterAll(() => server.stop())

it('an API exchanges the access token that it received', async () => {
  const { baseUrl } = server
  const token = await getAccessToken(baseUrl, (await signInFor(baseUrl, 'alice')).idToken)
  const env = { ...process.env, ACCESS_TOKEN: token }
  const { stdout } = await run('sh', ['-eu', '-c', at(baseUrl, exchange)], { env })
  const answer = JSON.parse(stdout) as Record<string, string>
  expect(answer).toMatchObject({ scope: 'notes.read notes.write' })
  expect(decodeJwt(answer['access_token'] ?? '').act).toMatchObject({
    ...{ sub: 'todo0-api', sub_profile: 'service' },
    act: { sub: 'agent0', sub_profile: 'ai_agent' },
  })
})

it('the command simulates it', async () => {
  const words = at(server.baseUrl, simulate).replaceAll('\\\n', ' ').trim().split(/\s+/).slice(2)
  const env = { CROSSWALK_ADMIN_TOKEN: 'an-admin-token-of-more-than-32-characters' }
  const { exitCode, out } = await crosswalk([...words, '--server', server.baseUrl], { env })
  expect([exitCode, out]).toEqual([0, expect.stringContaining('notes.read')])
})
