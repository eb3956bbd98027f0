// The gateway of the how-to page, used by a company whose users it has never seen (S12).
import { fileURLToPath } from 'node:url'

import { connectXaa } from '@crosswalk/mcp/client'
import type { Ports } from '@crosswalk/storage'
import { createWorld, type World } from '@crosswalk/testkit'
import { matchers } from '@crosswalk/testkit/vitest'
import { Client } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from './support/run-snippet.ts'

expect.extend(matchers)

const PAGE = fileURLToPath(new URL('../../../docs/how-to/headless-resource.md', import.meta.url))
const MCP = 'https://gateway.test/mcp'

let world: World
let ports: Ports
let calls: { readonly user: string; readonly actor: string | undefined }[]
beforeEach(async () => {
  calls = []
  world = await createWorld({
    users: ['alice', 'carol', 'bob'],
    groups: { engineering: ['alice', 'carol'] },
    resources: [
      {
        id: 'gateway',
        issuer: 'https://gateway.test',
        resource: MCP,
        scopes: ['tools.read', 'tools.call'],
        runs: 'nothing',
      },
    ],
    connections: [{ from: 'agent0', to: 'gateway', people: 'engineering' }],
  })
  ports = await world.openPorts()
  const snippet = readSnippets(PAGE).find(({ info }) => info === 'gateway.ts')
  const { createGateway } = await runSnippet({ name: 'gateway', code: snippet?.code ?? '' })
  const behind = {
    async call(tool: string, about: (typeof calls)[number]) {
      calls.push(about)
      return `${tool} done`
    },
  }
  const app = await (createGateway as (...given: unknown[]) => Promise<Parameters<World['mountNode']>[1]>)(
    ports,
    behind,
  )
  world.mountNode('https://gateway.test', app)
})
afterEach(() => world.close())

async function search(username: string): Promise<unknown> {
  const client = new Client({ name: 'agent0', version: '1.0.0' })
  await connectXaa(client, world.agent().as(username), MCP, { scope: 'tools.call' })
  return (await client.callTool({ name: 'search', arguments: {} })).content
}

it('S12 accepts unknown users, each with a stable name, and passes on no token', async () => {
  expect(await search('alice')).toEqual([{ type: 'text', text: 'search done' }])
  await search('alice')
  await search('carol')
  const [first, again, other] = calls.map(({ user }) => user)
  expect(first).toMatch(/^ext_/)
  expect(again).toBe(first)
  expect(other).toMatch(/^ext_/)
  expect(other).not.toBe(first)
  expect(calls.every(({ actor }) => actor === 'agent0-at-gateway')).toBe(true)
})

it('S12 stores nothing about them', async () => {
  await search('alice')
  const { accounts } = ports
  expect(await accounts.findByIssuerSubject('main', world.idp, undefined, 'usr_alice')).toBeUndefined()
  expect(await accounts.findByVerifiedEmail('main', 'alice@acme.test', { issuer: world.idp })).toEqual([])
})

it('S12 denies users that the company denies, without a consent screen', async () => {
  await expect(search('bob')).rejects.toBeXaa('XAA1503')
  expect(calls).toEqual([])
})
