import { BlockedByAdmin, SignInAgain, xaa } from '@crosswalk/client'
import { protect } from '@crosswalk/resource/fetch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createWorld, type World } from './create-world.ts'
import { matchers } from './vitest.ts'

expect.extend(matchers)

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const todosOf = async (username: string, path = '/todos') =>
  await (await world.agent().as(username).at('todo0').fetch(path)).json()
const refusalOf = (username: string) =>
  todosOf(username).then(
    () => undefined,
    (error: unknown) => error,
  )

describe('the default world', () => {
  it('takes alice from a sign-in at the IdP to the API', async () => {
    expect(await todosOf('alice')).toEqual({
      user: expect.stringMatching(/^acc_/),
      scopes: ['todos.read', 'todos.write'],
      client: 'agent0-at-todo0',
      actor: 'agent0-at-todo0',
    })
    expect(world.trace()).toMatch(/exchange +POST https:\/\/idp\.acme\.test\/token → 200 dec_\S+/)
  })

  it('refuses bob, and knows the reason although the wire does not state it', async () => {
    const refused = await refusalOf('bob')
    expect(refused).toBeInstanceOf(BlockedByAdmin)
    await expect(refused).toBeXaa('XAA1503')
    await expect(todosOf('bob')).rejects.toBeXaa('XAA1503')
    const { decision_id: id, summary } = await world.decision(refused as BlockedByAdmin)
    expect(id).toMatch(/^dec_/)
    expect(summary.admin).toContain('bob')
  })

  it('opens no socket and reaches nothing outside', async () => {
    await expect(world.fetch('https://example.com/')).rejects.toThrow('fetch failed')
    await expect(world.agent().as('alice').at('https://elsewhere.test/api').token()).rejects.toBeXaa(
      'XAA5007',
    )
  })
})

describe('its clock', () => {
  it('lets tokens expire, which the agent renews by refresh token', async () => {
    await todosOf('alice')
    world.advance(3600)
    await todosOf('alice')
    const exchanges = world
      .trace()
      .split('\n')
      .filter((line) => line.startsWith('exchange'))
    expect(exchanges.map((line) => /→ (\d+)/.exec(line)?.[1])).toEqual(['200', '200'])
  })

  it('is constant otherwise, and never goes back', () => {
    const before = world.nowMs()
    expect(world.nowMs()).toBe(before)
    expect(() => world.advance(-1)).toThrow(RangeError)
  })
})

describe('the acts of an administrator', () => {
  it('suspends a connection: the live token still works, a new one is refused', async () => {
    await todosOf('alice')
    world.suspend('agent0-todo0', 'audit')
    await todosOf('alice')
    world.advance(601)
    await expect(todosOf('alice')).rejects.toBeXaa('XAA1403')
    world.resume('agent0-todo0')
    await todosOf('alice')
  })

  it.each([
    ['user', 'alice', 'XAA1901'],
    ['app', 'agent0', 'XAA1902'],
  ] as const)('blocks the %s %s, which gets no new token', async (kind, id, code) => {
    await todosOf('alice')
    world.block(kind, id)
    world.advance(601)
    await expect(todosOf('alice')).rejects.toBeXaa(code)
  })

  it('blocks a user whose id is not derived from the name', async () => {
    await using other = await createWorld({
      users: [{ id: 'u-7', username: 'ada', email: 'ada@acme.test' }],
      groups: { engineering: ['ada'] },
    })
    const todos = other.agent().as('ada').at('todo0')
    await todos.fetch('/todos')
    other.block('user', 'ada')
    other.advance(601)
    await expect(todos.fetch('/todos')).rejects.toBeXaa('XAA1901')
  })

  it.each<[string, () => unknown]>([
    ['connection', () => world.suspend('agent0-nothing')],
    ['connection', () => world.resume('agent0-nothing')],
    ['user', () => world.block('user', 'nobody')],
    ['app', () => world.block('app', 'nobody')],
    ['resource', () => world.agent().as('alice').at('nothing')],
  ])('refuses an unknown %s, instead of changing nothing', (kind, act) => {
    expect(act).toThrow(new RegExp(`^there is no ${kind} `))
  })

  it('revokes tokens: the API refuses the current one, and the agent gets another', async () => {
    const todos = world.agent().as('alice').at('todo0')
    const held = (await todos.token()).value.reveal()
    const callWith = async (token: string, path = 'https://todo0.test/api/todos') => {
      const answer = await world.fetch(path, { headers: { authorization: `Bearer ${token}` } })
      return [answer.status, ((await answer.json()) as { readonly code?: string }).code]
    }
    expect(await callWith(held)).toEqual([200, undefined])
    expect(await world.revoke('bob')).toBe(0)
    expect(await callWith(held)).toEqual([200, undefined])
    expect(await world.revoke('alice')).toBe(1)
    expect(await callWith(held)).toEqual([401, 'XAA3007'])
    expect(await todosOf('alice')).toMatchObject({ client: 'agent0-at-todo0' })

    world.block('user', 'alice')
    await world.revoke('alice')
    await expect(todosOf('alice')).rejects.toBeXaa('XAA1901')
    await expect(world.revoke('nobody')).rejects.toThrow('there is no user nobody')
  })

  it('revokes tokens of a custom API with the options of the world', async () => {
    const api = protect(world.resourceOptions('todo0'), (_, xaa) => Response.json(xaa.user))
    const held = (await world.agent().as('alice').at('todo0').token()).value.reveal()
    const request = () =>
      new Request('https://todo0.test/api/todos', { headers: { authorization: `Bearer ${held}` } })
    expect((await api(request())).status).toBe(200)
    await world.revoke('alice')
    expect((await api(request())).status).toBe(401)
  })

  it('changes definitions at runtime', async () => {
    await expect(todosOf('bob')).rejects.toBeXaa('XAA1503')
    world.change((definition) => ({
      ...definition,
      connections: definition.connections.map((one) => ({ ...one, assignments: { everyone: true } })),
    }))
    expect(await todosOf('bob')).toMatchObject({ client: 'agent0-at-todo0' })
  })
})

describe('a custom world', () => {
  it('has the users, agents, APIs and policies of its options', async () => {
    await world.close()
    world = await createWorld({
      users: ['ada', { id: 'usr_eve', username: 'eve', active: false }],
      groups: { product: ['ada', 'eve'] },
      agents: ['planner'],
      resources: [
        { id: 'todo0', issuer: 'https://as.vendor.test' },
        { id: 'notes0', issuer: 'https://as.vendor.test', handler: (_, xaa) => Response.json(xaa.scopes) },
      ],
      connections: [
        { from: 'planner', to: 'todo0', people: 'product', scopes: ['todos.read'] },
        { from: 'planner', to: 'notes0', people: ['ada'], clientId: 'planner-at-todo0' },
      ],
      policies: [{ id: 'no-notes', when: { scope: ['notes0.write'] }, effect: 'deny' }],
    })
    const ada = world.agent().as('ada')
    expect(await (await ada.at('todo0').fetch('/')).json()).toMatchObject({ scopes: ['todos.read'] })
    expect(await (await ada.at('notes0', { scope: 'notes0.read' }).fetch('/')).json()).toEqual([
      'notes0.read',
    ])
    await expect(ada.at('notes0', { scope: 'notes0.write' }).token()).rejects.toBeXaa('XAA1701')
    await expect(world.signIn('eve', { app: 'planner' })).rejects.toThrow(/eve was not signed in/)
  })

  it('has agents with one key for every server', async () => {
    await world.close()
    const id = 'https://agent0.test/client.json'
    world = await createWorld({
      agents: [{ id, auth: 'private_key_jwt' }],
      connections: [{ from: id, to: 'todo0' }],
    })
    expect(await todosOf('alice')).toMatchObject({ client: id })
    expect(JSON.parse(world.agent().key ?? '')).toMatchObject({ kty: 'EC', d: expect.any(String) })
    expect(() => world.agent('agent0')).toThrow('there is no agent agent0')
  })

  it('accepts Node.js apps, with complete requests and responses', async () => {
    world.mountNode('https://app.test', (req, res) => {
      const parts: Buffer[] = []
      req.on('data', (part: Buffer) => parts.push(part))
      req.on('end', () => {
        res.setHeader('set-cookie', ['a=1', 'b=2'])
        res.statusCode = 201
        res.end(`${req.method} ${req.headers.host} ${req.url} ${Buffer.concat(parts).toString()}`)
      })
    })
    const answer = await world.fetch('https://app.test/x?y=1', { method: 'POST', body: 'z' })
    expect([answer.status, await answer.text()]).toEqual([201, 'POST app.test /x?y=1 z'])
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(() => world.mountNode('https://app.test', () => undefined)).toThrow('mounted already')
  })

  it('refuses inconsistent options, and reports every problem', async () => {
    await expect(createWorld({ connections: [{ from: 'nobody', to: 'todo0' }] })).rejects.toThrow(
      'no agent nobody',
    )
    await expect(createWorld({ connections: [{ from: 'agent0', to: 'nothing' }] })).rejects.toThrow(/nothing/)
    await expect(createWorld({ user: ['ada'] } as never)).rejects.toThrow(
      'unknown option user; known options: users',
    )
    expect(() => world.mount('mine.test', () => new Response())).toThrow('mine.test is not an origin')
  })
})

describe('toBeXaa', () => {
  it('distinguishes codes, and shows the actual one', async () => {
    const refused = await refusalOf('bob')
    await expect(refused).not.toBeXaa('XAA1403')
    await expect(expect(refused).toBeXaa('XAA1403')).rejects.toThrow(/expected XAA1403, got XAA\d+ = XAA1503/)
    await expect(expect(new Error('x')).toBeXaa('XAA1403')).rejects.toThrow('expected XAA1403, got Error: x')
    await expect(expect(refused).toBeXaa('XAA0')).rejects.toThrow('XAA0 is not a decision code')
  })

  it('also accepts a response of a token endpoint and a decision record', async () => {
    const response = await world.fetch(`${world.idp}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password' }),
    })
    await expect(response).toBeXaa('XAA1006')
    await expect(await world.decision(response)).toBeXaa('XAA1006')
  })

  it("uses the SDK's code if no server decided", async () => {
    const nobody = { getSubjectToken: () => undefined }
    const agent = xaa(world.agent().options)
    const token = agent.as(nobody).at('https://todo0.test/api').token()
    await expect(token).rejects.toBeInstanceOf(SignInAgain)
    await expect(agent.as(nobody).at('https://todo0.test/api').token()).rejects.toBeXaa('XAA5002')
  })
})
