// Agent0 with a language model, in the demo world: real tokens, real tools, and a scripted model server on loopback.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createBrowser, findFreeBase, startWorld, type World } from '@crosswalk/demo-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { JWT } from '../support/jwt-pattern.ts'

type Reply = { readonly content?: string; readonly tool_calls?: readonly object[] }
const call = (id: string, name: string, args: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
})

let folder = ''
let world: World
let model: Server
let replies: readonly Reply[] = []
let received: string[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-model-test-'))
  model = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const message = replies[received.length] ?? { content: 'Nothing more.' }
      received.push(Buffer.concat(chunks).toString('utf8'))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: ${JSON.stringify({ choices: [{ delta: message }] })}\n\ndata: [DONE]\n\n`)
    })
  })
  await new Promise<void>((resolve) => {
    model.listen(0, '127.0.0.1', resolve)
  })
  const { port } = model.address() as { readonly port: number }
  world = await startWorld(await findFreeBase(), folder, {
    environment: {
      AGENT0_MODEL_API: 'openai',
      AGENT0_MODEL: 'small-1',
      AGENT0_MODEL_URL: `http://127.0.0.1:${port}/v1`,
    },
  })
})
afterAll(async () => {
  await world.stop()
  model.close()
  rmSync(folder, { recursive: true, force: true })
})

async function signIn(username: 'alice' | 'bob') {
  const browser = createBrowser()
  const { agent0 } = world.addresses
  const form = await browser.open(`${agent0}/signin`)
  const page = await browser.submit(form, { username, password: world.secrets.passwords[username] })
  return {
    page,
    ask: async (sentence: string, ...script: readonly Reply[]) => {
      replies = script
      received = []
      const { status, body } = await browser.postJson(`${agent0}/api/chat`, { sentence })
      expect(status).toBe(200)
      expect(JSON.stringify(body)).not.toMatch(JWT)
      expect(received.join()).not.toMatch(JWT)
      return body as {
        answer: { text: string; tools: object[]; refusals?: { text: string; code: string }[] }
        legs: { leg: string; error?: string; scope?: string }[]
      }
    },
  }
}

describe('Agent0 with a model', () => {
  it('makes several calls at once for alice, and requests more scope only when a tool needs it', async () => {
    const alice = await signIn('alice')
    expect(alice.page.html).toContain('My answers come from small-1 at 127.0.0.1')
    const { answer, legs } = await alice.ask(
      'add milk and bread',
      {
        tool_calls: [
          call('a', 'todo0_add_todo', { title: 'milk' }),
          call('b', 'todo0_add_todo', { title: 'bread' }),
        ],
      },
      { tool_calls: [call('c', 'todo0_list_todos', {})] },
      { content: 'Both are on your list.' },
    )
    expect(answer).toMatchObject({ text: 'Both are on your list.' })
    expect(answer.refusals).toBeUndefined()
    expect(received[2]).toContain('milk')
    expect(received[2]).toContain('bread')
    const exchanges = legs.filter(({ leg }) => leg === 'exchange').map(({ scope }) => scope)
    expect(exchanges).toEqual(expect.arrayContaining(['todos.read', 'todos.read todos.write', 'notes.read']))
    expect(legs).toContainEqual(expect.objectContaining({ leg: 'resource', error: 'insufficient_scope' }))
  })

  it('accepts a denial by the organisation', async () => {
    const alice = await signIn('alice')
    const { answer, legs } = await alice.ask(
      'note this',
      { tool_calls: [call('a', 'notes0_add_note', { text: 'hello' })] },
      { content: 'I wrote it down.' },
    )
    expect(answer.refusals).toEqual([
      expect.objectContaining({
        text: 'Your organisation has not allowed Agent0 to write notes in Notes0 for you.',
      }),
    ])
    expect(received[1]).toContain('has not allowed')
    // The IdP granted what the connection allows, which is not enough for Notes0: one more request, then no more.
    expect(legs.at(-1)).toMatchObject({ leg: 'resource', error: 'insufficient_scope' })
  })

  it('offers the model no tool that bob may not use', async () => {
    const bob = await signIn('bob')
    const { answer } = await bob.ask(
      'list my todos',
      { tool_calls: [call('a', 'todo0_list_todos', {})] },
      { content: 'I cannot reach them.' },
    )
    expect((JSON.parse(received[0] ?? '{}') as { tools?: unknown }).tools).toBeUndefined()
    expect(answer.refusals?.map(({ text }) => text)).toEqual([
      'Your organisation has not allowed Agent0 to use Todo0 for you.',
      'Your organisation has not allowed Agent0 to use Notes0 for you.',
    ])
  })
})
