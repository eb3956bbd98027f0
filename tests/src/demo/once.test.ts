// `npm start -- --once` as a user runs it: exit code, output, and the trace that its servers send to a collector.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Collector, startCollector } from '../../../tools/trace/collector.ts'
import { readDrawing } from '../../../tools/trace/docs-page.ts'
import { drawTrace, findCrossing, listLines } from '../../../tools/trace/draw-trace.ts'
import { JWT } from '../support/jwt-pattern.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const options = { cwd: ROOT, env: { ...process.env, ...variables } }
  try {
    const done = await promisify(execFile)('npm', ['start', '--silent', '--', ...args], options)
    return { code: 0, ...done }
  } catch (error) {
    return error as Ended
  }
}

describe('npm start -- --once', () => {
  let ended: Ended
  let collector: Collector
  beforeAll(async () => {
    collector = await startCollector()
    ended = await start(['--once', '--port-base', '0'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  })
  afterAll(() => collector.close())

  it('gets the expected result on every leg', () => {
    expect(ended.stderr).toBe('')
    expect(ended.stdout).toMatch(/\n\d+ legs ended as expected, 0 did not\n$/)
    expect(ended.stdout).not.toContain('FAIL')
    expect(ended.code).toBe(0)
  })

  it('says what README.md quotes', () => {
    const quotations = [...README.matchAll(/^ *> (.+)$/gm)].map(([, text = '']) => text)
    expect(quotations).toHaveLength(3)
    for (const quotation of quotations) expect(ended.stdout).toContain(quotation)
  })

  it.each([['alice'], ['carol']])('takes %s to Todo0 and Notes0, and refuses the write for scope', (name) => {
    const story = findStory(ended.stdout, name)
    expect(story).toMatch(/exchange {4}200 .*XAA0000 {2}scope todos\.read {2}dec_/)
    expect(story).toMatch(/redemption {2}200 .*XAA0000 {2}scope todos\.read {2}dec_/)
    expect(story).toMatch(/resource {4}200 {2}POST .*\/mcp/)
    expect(story).toContain(`I added "buy milk for ${name}" to your todos.`)
    expect(story).toContain(`I finished "buy milk for ${name}".`)
    expect(story).toContain('Agent0: You have 2 notes:')
    expect(story).toMatch(/"add note hello"\n {8}exchange {4}400 .*invalid_scope {2}XAA1602 {2}dec_/)
    expect(story).toContain(`ok    ${name} opens Todo0's own page and finds the same list`)
  })

  it('denies bob, sends his request to ada, and lists his todos after her approval, which excludes writing', () => {
    const story = findStory(ended.stdout, 'bob')
    const [before = '', after = ''] = story.split('ok    ada approves it in the console')
    expect(before).toMatch(/exchange {4}400 .*access_denied {2}XAA150[23] {2}dec_/)
    expect(before).not.toContain('redemption')
    expect(before).toContain('ok    bob requests access')
    expect(after).toMatch(/200 {2}todos\.read over agent0-\S+, for bob only, until \d{4}-/)
    expect(after).toMatch(/"list my todos"\n {8}exchange {4}200 .*XAA0000 {2}scope todos\.read {2}dec_/)
    expect(after).toMatch(/resource {4}200 {2}POST .*\/mcp/)
    expect(after).toMatch(/"add buy milk for bob"\n {8}exchange {4}400 .*invalid_scope {2}XAA1602 {2}dec_/)
  })

  it('does not sign dave in', () => {
    expect(findStory(ended.stdout, 'dave')).toContain('ok    dave cannot sign in')
  })

  it('refuses the second use of an ID-JAG, and a revoked access token', () => {
    const story = findStory(ended.stdout, 'by hand')
    expect(story).toMatch(/redemption {2}400 .*invalid_grant {2}XAA2209 {2}dec_/)
    expect(story).toContain('200 before, 401 after')
  })

  it('prints no token', () => {
    expect(ended.stdout).not.toMatch(JWT)
  })

  it('sends one trace across all servers, from the click in Agent0 to the row in Todo0, as in the docs', () => {
    const trace = findCrossing(collector.spans())
    expect(new Set(trace.map(({ traceId }) => traceId)).size).toBe(1)
    expect(new Set(trace.map(({ service }) => service))).toEqual(
      new Set(['agent0', 'company-idp', 'todo-vendor', 'todo0']),
    )
    const ids = new Set(trace.map(({ spanId }) => spanId))
    expect(trace.filter(({ parentSpanId }) => !ids.has(parentSpanId))).toEqual([trace[0]])
    // If this changed intentionally, run `npm run trace`.
    expect(listLines(drawTrace(trace))).toEqual(listLines(readDrawing()))
  })

  it('sends decision ids and codes, including those of denials', () => {
    const decided = collector.spans().filter(({ name }) => name === 'evaluate')
    const codes = decided.map(({ attributes }) => attributes['crosswalk.decision.code'])
    expect(codes).toEqual(expect.arrayContaining(['XAA0000', 'XAA1602', 'XAA2209']))
    for (const { attributes } of decided)
      expect(ended.stdout + collector.text()).toContain(attributes['crosswalk.decision.id'])
  })

  it('sends no attribute that could hold a token, secret, name or address of a user', () => {
    const found = collector.spans().flatMap(({ attributes }) => Object.entries(attributes))
    expect(found.length).toBeGreaterThan(500)
    expect(found.filter(([key, value]) => SPAN_ATTRIBUTES[key]?.test(String(value)) !== true)).toEqual([])
    const names = new Set(collector.spans().map(({ name }) => name))
    expect([...names].filter((name) => !/^[a-zA-Z0-9:/ _.-]{1,60}$/.test(name))).toEqual([])
    expect(collector.text()).not.toMatch(/eyJ|alice|carol|usr_|@acme|buy milk|Bearer|Basic/)
  })
})

/** Every allowed span attribute, with its allowed values. */
const SPAN_ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  'http.request.method': /^(GET|POST|PUT|PATCH|DELETE)$/,
  'http.route': /^(\/(:id|[a-z0-9_.-]+))*\/?$/,
  'http.response.status_code': /^\d{3}$/,
  'server.address': /^127\.0\.0\.1$/,
  'server.port': /^\d+$/,
  'error.type': /^(\d{3}|[A-Za-z]+)$/,
  'crosswalk.role': /^(idp|as:todo0|admin|none)$/,
  'crosswalk.decision.id': /^dec_[0-9a-f]{32}$/,
  'crosswalk.decision.outcome': /^(allow|deny|step_up)$/,
  'crosswalk.decision.code': /^XAA\d{4}$/,
  'crosswalk.grant': /^(token_exchange|jwt_bearer|jwt_dpop|authorization_code|refresh_token|other)$/,
  'mcp.method.name': /^[a-z/]+$/,
  'gen_ai.tool.name': /^[a-z_]+$/,
  'gen_ai.operation.name': /^invoke_agent$/,
  'gen_ai.agent.name': /^Agent0$/,
}

describe('npm start', () => {
  it.each([
    ['6000', 6000],
    ['5998', 6000],
    ['5056', 5060],
  ])('rejects --port-base %s immediately: browsers do not open port %i', async (base, blocked) => {
    const ended = await start(['--port-base', base])
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(new RegExp(`browsers block port ${blocked}; try --port-base \\d+ `))
  })

  it('says which port is in use and what to do', async () => {
    const { server, port } = await occupyPort()
    try {
      const ended = await start(['--port-base', String(port)])
      expect(ended.code).toBe(1)
      // Another test may use one of the four ports after it.
      expect(ended.stderr).toMatch(
        new RegExp(`port(s ${port}(, \\d+)+ are| ${port} is) in use; try --port-base \\d+ `),
      )
    } finally {
      server.close()
    }
  })

  it('rejects an impossible port base', async () => {
    const ended = await start(['--port-base', '80'])
    expect(ended.code).toBe(2)
    expect(ended.stderr).toBe('error: --port-base must be a number from 1024 to 65531, or 0, not "80"\n')
  })
})

function findStory(output: string, name: string): string {
  const story = output.split('\n\n').find((part) => part.trimStart().startsWith(name))
  if (story === undefined) throw new Error(`no story of ${name} in:\n${output}`)
  return story
}

async function occupyPort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}
