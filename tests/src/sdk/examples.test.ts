// Runs the examples in `examples/`, each by its command: an identity provider, and an API with its own authorization server, in each framework,
// with Agent0 for alice and for bob.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { EXAMPLES, FLAGS, type PlayedExample, playExample } from '../support/play-example.ts'

const NAMES = ['express', 'fastify', 'hono']

function readScripts(name: string): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(EXAMPLES, name, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  return manifest.scripts
}

it('there is one per framework, and an agent', () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).toSorted()).toEqual(['agent', ...NAMES, 'nextjs'])
})

it('the page installs a framework and the agent as one project, and names the commands that start them', () => {
  const page = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
  const workspaces = [...page.matchAll(/'workspaces\[\d\]=(\w+)'/g)].map(([, name]) => name)
  expect(workspaces).toEqual(['express', 'agent'])
  for (const name of [...NAMES, 'agent']) expect(Object.keys(readScripts(name))).toEqual(['start'])
  for (const command of Object.keys(readScripts('nextjs'))) expect(page).toContain(`npm run ${command}`)
})

describe.each(NAMES)('%s', (name) => {
  let example: PlayedExample
  beforeAll(async () => {
    const [, ...args] = readScripts(name)['start']?.split(' ') ?? []
    example = await playExample(() => [{ cwd: join(EXAMPLES, name), args: [...FLAGS, ...args] }])
  })
  afterAll(() => example.stop())

  it('takes Agent0 from alice signing in to her todos, and no further than acme allows (RS-04)', async () => {
    expect(await example.useAgent('alice')).toBe(
      "todos: []\nadded: [ 'buy milk' ]\nnot allowed: todos.delete\n",
    )
  })

  it('denies Agent0 for bob at the identity provider', async () => {
    expect(await example.useAgent('bob')).toMatch(/^blocked: Your organisation does not allow this\./)
  })

  it('requires a token at the API, links its metadata, and leaves other paths to the app (RS-03)', async () => {
    const { vendorUrl } = example
    const refused = await fetch(`${vendorUrl}/api/todos`)
    expect(refused.status).toBe(401)
    const metadataUrl = `${vendorUrl}/.well-known/oauth-protected-resource/api`
    expect(refused.headers.get('www-authenticate')).toContain(`resource_metadata="${metadataUrl}"`)
    expect(await (await fetch(metadataUrl)).json()).toMatchObject({
      resource: `${vendorUrl}/api`,
      authorization_servers: [vendorUrl],
    })
    expect(await (await fetch(vendorUrl)).text()).toBe('Todo0')
  })
})
