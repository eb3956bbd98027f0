// Runs the app of the page "Agents for your existing SaaS": its own users, sessions, links and disabling.
import { fileURLToPath } from 'node:url'

import { createWorld, type World } from '@crosswalk/testkit'
import { matchers } from '@crosswalk/testkit/vitest'
import type { Express, RequestHandler } from 'express'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from './support/run-snippet.ts'

expect.extend(matchers)

const PAGE = fileURLToPath(new URL('../../../docs/how-to/agents-for-your-saas.md', import.meta.url))
const CLIENT = 'agent0-at-todo0'

let world: World
let links: Map<string, string>
let users: Map<string, { id: string; email: string; disabled: boolean }>
let disableUser: (id: string) => Promise<number>
beforeEach(async () => {
  links = new Map()
  users = new Map([['u-1', { id: 'u-1', email: 'alice@acme.test', disabled: false }]])
  world = await createWorld({
    users: ['alice', 'carol'],
    resources: [{ id: 'todo0', issuer: 'https://todo0.test', scopes: ['todos.read'], runs: 'nothing' }],
    connections: [{ from: 'agent0', to: 'todo0', scopes: ['todos.read'] }],
  })
  world.change((company) => ({
    ...company,
    resourceApps: company.resourceApps.map((app) => ({ ...app, claims: { email: 'user.email' } })),
  }))
  const code = readSnippets(PAGE).find(({ info }) => info === 'app.ts')?.code ?? ''
  const { createApp } = (await runSnippet({ name: 'saas', code })) as {
    createApp: (options: object) => Promise<{ app: Express; disableUser: typeof disableUser }>
  }
  const made = await createApp({
    database: createDatabase(),
    customers: [{ issuer: world.idp, emailDomains: ['acme.test'] }],
    clients: [{ id: CLIENT, auth: { method: 'client_secret_basic', secret: world.secretOf(CLIENT) } }],
    ports: await world.openPorts(),
    requireSession,
  })
  disableUser = made.disableUser
  world.mountNode('https://todo0.test', made.app)
})
afterEach(() => world.close())

const requireSession: RequestHandler = (req, res, next) => {
  res.locals['user'] = /session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1]
  if (res.locals['user'] === undefined) res.status(401).end()
  else next()
}

function createDatabase(): object {
  return {
    users: {
      find: async (id: string) => users.get(id),
      findByEmail: async (email: string) => [...users.values()].find((user) => user.email === email),
      disable: async (id: string) => {
        const user = users.get(id)
        if (user !== undefined) users.set(id, { ...user, disabled: true })
      },
    },
    agentLinks: {
      find: async (issuer: string, subject: string) => links.get(`${issuer} ${subject}`),
      findSubject: async (issuer: string, id: string) =>
        [...links].find(([key, linked]) => key.startsWith(`${issuer} `) && linked === id)?.[0].split(' ')[1],
      add: async (issuer: string, subject: string, id: string) => void links.set(`${issuer} ${subject}`, id),
    },
    todos: { of: async (id: string) => [`a task of ${id}`] },
  }
}

const todosOf = async (username: string) =>
  await (await world.agent().as(username).at('todo0', { scope: 'todos.read' }).fetch('/todos')).json()

it('an agent and a session belong to the same user, who is linked at the first visit', async () => {
  expect(await todosOf('alice')).toEqual(['a task of u-1'])
  const page = await world.fetch('https://todo0.test/api/todos', { headers: { cookie: 'session=u-1' } })
  expect(await page.json()).toEqual(['a task of u-1'])
  expect([...links]).toEqual([[`${world.idp} usr_alice`, 'u-1']])
})

it('a colleague who gets the address later does not get the account', async () => {
  await todosOf('alice')
  const emails = new Map([
    ['alice', 'alice.smith@acme.test'],
    ['carol', 'alice@acme.test'],
  ])
  world.change((company) => ({
    ...company,
    users: (Array.isArray(company.users) ? company.users : []).map(
      (user: { id: string; username: string }) => ({
        ...user,
        email: emails.get(user.username),
      }),
    ),
  }))
  await expect(todosOf('carol')).rejects.toBeXaa('XAA2305')
  expect(links.size).toBe(1)
  expect(await todosOf('alice')).toEqual(['a task of u-1'])
})

it('a user who is not in the table is denied', async () => {
  await expect(todosOf('carol')).rejects.toBeXaa('XAA2301')
  expect(links.size).toBe(0)
})

it('a disabled user gets 401 with a live token, and no new one', async () => {
  const token = (await world.agent().as('alice').at('todo0', { scope: 'todos.read' }).token()).value.reveal()
  const call = async () => {
    const headers = { authorization: `Bearer ${token}` }
    return (await world.fetch('https://todo0.test/api/todos', { headers })).status
  }
  expect(await call()).toBe(200)
  expect(await disableUser('u-1')).toBe(1)
  expect(await call()).toBe(401)
  await expect(todosOf('alice')).rejects.toBeXaa('XAA2303')
})
