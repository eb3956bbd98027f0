// Filters for access tokens: a token must match all of them, so filters that contradict each other list and revoke nothing.
import { createSealing } from '@crosswalk/as-core'
import type { TokenSelector } from '@crosswalk/resource-as'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { createLiveAccessHandlers } from './live-access.ts'

const IDP = 'https://idp.test'
const AS = { todo0: 'https://as.todo.test', notes0: 'https://as.notes.test' } as const
const items = <T extends { readonly id: string }>(...definitions: readonly T[]) =>
  new Map(definitions.map((definition) => [definition.id, { definition }]))
const connect = (app: string, resourceApp: keyof typeof AS) => ({
  ...{ id: `${app}-${resourceApp}`, app, resourceApp, clientId: `${app}-there` },
  resources: [`https://${resourceApp}.test`],
})
const target = (id: keyof typeof AS) => ({ id, issuer: AS[id], subject: 'user.id' })

function open(live: readonly object[] = []) {
  const asked: (readonly TokenSelector[])[] = []
  const revoked: TokenSelector[] = []
  const world = {
    apps: items({ id: 'agent0' }, { id: 'wiki' }),
    connections: items(connect('agent0', 'todo0'), connect('wiki', 'todo0'), connect('wiki', 'notes0')),
    'resource-apps': items(target('todo0'), target('notes0')),
    'authorization-servers': items({ id: 'todo', issuer: AS.todo0 }, { id: 'notes', issuer: AS.notes0 }),
  }
  const parts = {
    ...{ configuration: { idp: { issuer: IDP } }, clock: { nowMs: () => 0 } },
    sealing: createSealing(new Uint8Array(32)),
    directory: {
      current: () => ({
        world,
        users: { items: { filterIds: async () => ['usr_bob'] }, findMany: async () => new Map() },
      }),
    },
    storage: {
      liveAccess: {
        async list({ selectors }: { readonly selectors: readonly TokenSelector[] }) {
          asked.push(selectors)
          return { items: live, next: undefined }
        },
      },
      accessTokens: {
        async revoke(selector: TokenSelector) {
          revoked.push(selector)
          return 0
        },
      },
      ledger: { commit: async () => ({ committed: true }) },
    },
  } as unknown as Parameters<typeof createLiveAccessHandlers>[0]
  return { handlers: createLiveAccessHandlers(parts), asked, revoked }
}

const OF_AGENT0 = { issuer: IDP, clientId: 'agent0-there', resource: 'https://todo0.test' }

it.each<[string, object, readonly object[]]>([
  [
    'an app and its connection',
    { app: 'agent0', connection: 'agent0-todo0' },
    [{ ...OF_AGENT0, authorizationServer: 'todo' }],
  ],
  ['a connection and its client', { connection: 'agent0-todo0', client: 'agent0-there' }, [OF_AGENT0]],
  ['a connection and another server', { connection: 'agent0-todo0', authorizationServer: 'notes' }, []],
  ['a connection and the client of another one', { connection: 'agent0-todo0', client: 'wiki-there' }, []],
])('%s', async (_, filter, selectors) => {
  const { handlers, asked, revoked } = open()
  const context = { ...systemContext('a test'), caller: { id: 'ada', role: 'owner' } } as never
  await handlers['access-tokens.list']({ query: { limit: 9, ...filter } } as never, context)
  await handlers['access-tokens.revoke']({ body: { reason: 'a test', ...filter } } as never, context)
  const ofClients = (all: readonly TokenSelector[]) => all.filter(({ actor }) => actor === undefined)
  expect(ofClients(asked[0] ?? [])).toMatchObject(selectors)
  expect(ofClients(asked[0] ?? [])).toHaveLength(selectors.length)
  // Revoked twice: before and after it is recorded.
  expect(ofClients(revoked)).toHaveLength(2 * selectors.length)
})

it('names the user of a token that our IdP granted, not one of another issuer with the same subject', async () => {
  const token = {
    ...{ issuerSubject: 'usr_bob', resource: [], scope: [], issuedAt: 0, expiresAt: 1 },
    format: 'opaque',
  }
  const { handlers } = open([
    { ...token, issuer: IDP },
    { ...token, issuer: 'https://other-idp.test' },
  ])
  const { body } = (await handlers['access-tokens.list']({ query: { limit: 9 } } as never, {} as never)) as {
    readonly body: { readonly items: readonly { readonly user: string | null }[] }
  }
  expect(body.items.map(({ user }) => user)).toEqual(['usr_bob', null])
})
