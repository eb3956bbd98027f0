// With `-o json` every result is one document whose `schema` names its type, including errors.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

async function ask(...args: string[]) {
  const { exitCode, out } = await crosswalk([...args, '--server', server.baseUrl, '-o', 'json'], {
    env: { CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters' },
  })
  return { exitCode, document: JSON.parse(out) as Record<string, unknown> & { schema: string; id?: string } }
}

const WHY = ['--reason', 'test']

describe('a document', () => {
  it.each([
    ['connection', ['connection', 'show', 'agent0-todo0']],
    ['app', ['app', 'show', AGENT.id]],
    ['resource', ['resource', 'show', 'todo0']],
    ['user', ['user', 'show', 'usr_alice']],
    ['act', ['connection', 'suspend', 'agent0-todo0', ...WHY]],
    ['act', ['connection', 'revoke', 'agent0-todo0', ...WHY]],
    ['act', ['connection', 'resume', 'agent0-todo0', ...WHY]],
    ['factor-reset', ['user', 'reset-factor', 'usr_alice', ...WHY]],
    ['events', ['audit', 'list']],
    ['events', ['audit', 'export']],
    ['events', ['audit', 'export', '--format', 'ocsf']],
    ['events', ['audit', 'export', '--log', 'as:nowhere']],
    ['verification', ['audit', 'verify']],
    ['keys', ['keys', 'list']],
    ['configuration', ['export']],
  ])('of %s names its schema: %j', async (name, args) => {
    expect((await ask(...args)).document.schema).toBe(`crosswalk.${name}/v1`)
  })

  it('of a block, a kill and its end names its schema', async () => {
    const block = await ask('block', 'add', 'user', 'bob', ...WHY)
    expect(block.document).toMatchObject({ schema: 'crosswalk.block/v1', kind: 'user' })
    const kill = await ask('kill', 'user', 'carol', '--yes', ...WHY)
    expect(kill.document.schema).toBe('crosswalk.kill/v1')
    const lift = await ask('kill', 'lift', kill.document.id ?? '', ...WHY)
    expect(lift.document).toMatchObject({ schema: 'crosswalk.kill-lift/v1', id: kill.document.id })
  })

  it('of an access request names its schema', async () => {
    const wish = ['--user', 'bob', '--app', AGENT.id, '--resource-app', 'todo0', '--scope', 'todos.read']
    const { document } = await ask('request', 'create', ...wish, ...WHY)
    const schema = 'crosswalk.access-request/v1'
    expect(document).toMatchObject({ schema, state: 'open' })
    expect((await ask('request', 'show', document.id ?? '')).document.schema).toBe(schema)
    const declined = await ask('request', 'decline', document.id ?? '', ...WHY)
    expect(declined.document).toMatchObject({ schema, state: 'declined' })
  })

  it('of a review names its schema', async () => {
    const { document } = await ask('review', 'create', 'Yearly', ...WHY)
    expect(document).toMatchObject({ schema: 'crosswalk.review/v1', state: 'open' })
  })

  it('of a recommendation names its schema, muted and open again', async () => {
    const listed = (await ask('recommendations', 'list')).document
    expect(listed.schema).toBe('crosswalk.recommendations/v1')
    const rules = async (...args: string[]) =>
      (
        (await ask('recommendations', 'list', ...args)).document as unknown as { items: { rule: string }[] }
      ).items.map(({ rule }) => rule)
    expect(new Set(await rules()).size).toBeGreaterThan(1)
    expect(await rules('--rule', 'kill-drill-missing')).toEqual(['kill-drill-missing'])
    expect((await ask('recommendations', 'list', '--rule', 'no-such-rule')).exitCode).toBe(2)
    const [recommendation] = listed['items'] as readonly { readonly id: string }[]
    const muted = await ask(
      'recommendations',
      'mute',
      recommendation?.id ?? '',
      '--until',
      '2999-01-01T00:00:00Z',
      ...WHY,
    )
    expect(muted.document).toMatchObject({
      schema: 'crosswalk.recommendation/v1',
      muted: { reason: 'test' },
    })
    const open = await ask('recommendations', 'unmute', recommendation?.id ?? '', ...WHY)
    expect(open.document).toMatchObject({
      schema: 'crosswalk.recommendation/v1',
      id: recommendation?.id,
      muted: null,
    })
  })
})

describe('an error', () => {
  it('of the admin API has the problem type, why, and what to do', async () => {
    expect(await ask('app', 'show', 'nobody')).toEqual({
      exitCode: 6,
      document: {
        schema: 'crosswalk.error/v1',
        error: {
          code: 'not-found',
          message: 'Not found',
          why: 'There is no app nobody.',
          fix: `see \`npx crosswalk app list --server ${server.baseUrl}\``,
          docs: 'docs/reference/command-line.md#exit-codes',
          exit_code: 6,
        },
      },
    })
  })

  it('of the command line itself has the same members', async () => {
    const { document } = await ask('app', 'show')
    expect(document).toMatchObject({
      schema: 'crosswalk.error/v1',
      error: { code: 'usage', why: 'invalid usage or input', exit_code: 2 },
    })
  })
})
