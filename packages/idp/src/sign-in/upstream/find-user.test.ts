import { zUpstream, zUser } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import type { UpstreamUser, User } from '../../ports.ts'
import { chooseByLogin } from '../choose-by-login.ts'
import { findUpstreamUser } from './find-user.ts'

const upstream = (change: object) => ({
  ...zUpstream.parse({
    id: 'corp',
    type: 'oidc',
    issuer: 'https://login.corp.test',
    clientId: 'crosswalk',
    clientSecret: 'secret',
    ...change,
  }),
  isForeign: (name: string | undefined) => name?.endsWith('@other.test') ?? false,
})

const ALICE = { id: 'usr_alice', username: 'alice', email: 'alice@acme.test', emailVerified: true }
const NOW = { at: 0, ip: undefined }
const CLAIMED: UpstreamUser = { subject: 'sub-1', emailVerified: false }
const byName = { ...CLAIMED, username: 'alice' }
const byEmail = { ...CLAIMED, email: 'alice@acme.test', emailVerified: true }

function createPorts(
  known: readonly object[],
  linked: readonly [subject: string, userId: string, created?: true][] = [],
) {
  const users = known.map((claimed): User => zUser.parse(claimed))
  const rows = linked.map(([subject, userId, created = false]) => ({ subject, userId, created }))
  const updated: string[] = []
  return {
    updated,
    users: {
      findById: async (id: string) => users.find((user) => user.id === id),
      findByLogin: async (login: string) => chooseByLogin(users, login),
    },
    upstreams: {
      links: {
        find: async (_: string, subject: string) => rows.find((row) => row.subject === subject),
        async add(row: { subject: string; userId: string; created: boolean }) {
          if (rows.some(({ subject, userId }) => subject === row.subject || userId === row.userId))
            return false
          rows.push(row)
          return true
        },
      },
      fetch: () => globalThis.fetch,
      async create(_: unknown, { username, subject }: UpstreamUser) {
        const made = zUser.parse({ id: 'usr_new', username })
        if (rows.some((row) => row.subject === subject)) return undefined
        users.push(made)
        rows.push({ subject, userId: made.id, created: true })
        return made
      },
      update: async (_: unknown, { id }: User, { ip = '' }: { readonly ip?: string | undefined }) =>
        void updated.push(`${id} ${ip}`.trim()),
    },
  }
}

const OTHER = { ...ALICE, email: 'alice@other.test' }
const otherEmail = { ...CLAIMED, email: 'alice@other.test', emailVerified: true }
const UNVERIFIED = { ...ALICE, emailVerified: false }
/** A user whose user name is the address of another user. */
const IMPOSTOR = { id: 'usr_mallory', username: 'alice@acme.test' }

test.each<[string, object, UpstreamUser, readonly object[], string]>([
  ['the user name', {}, byName, [ALICE], 'usr_alice'],
  ['an unknown user name', {}, { ...byName, username: 'bob' }, [ALICE], 'unknown'],
  ['a user name in another case', {}, { ...byName, username: 'Alice' }, [ALICE], 'unknown'],
  ['an address as user name', {}, { ...CLAIMED, username: 'alice@acme.test' }, [ALICE], 'unknown'],
  ['an address, if only names count', {}, byEmail, [ALICE], 'unknown'],
  ['an address', { link: ['email'] }, byEmail, [ALICE], 'usr_alice'],
  [
    'an address in another case',
    { link: ['email'] },
    { ...byEmail, email: 'Alice@acme.test' },
    [ALICE],
    'unknown',
  ],
  [
    'an address not verified by the provider',
    { link: ['email'] },
    { ...byEmail, emailVerified: false },
    [ALICE],
    'unknown',
  ],
  ['an address not verified here', { link: ['email'] }, byEmail, [UNVERIFIED], 'unknown'],
  ['an address that is a user name here', { link: ['email'] }, byEmail, [IMPOSTOR], 'unknown'],
  ['a user name, if only addresses count', { link: ['email'] }, byName, [ALICE], 'unknown'],
  ['the second rule', { link: ['username', 'email'] }, { ...byEmail, username: 'x' }, [ALICE], 'usr_alice'],
  ['no names', { link: ['username', 'email'] }, CLAIMED, [ALICE], 'unknown'],
  ['the user name of an account with an address of another provider', {}, byName, [OTHER], 'of-other-domain'],
  [
    'the user name of such an account, with an unverified address',
    {},
    byName,
    [{ ...OTHER, emailVerified: false }],
    'of-other-domain',
  ],
  ['an address of another provider', { link: ['email'] }, otherEmail, [OTHER], 'of-other-domain'],
  [
    'a name of its own users with an address of another provider',
    {},
    { ...otherEmail, username: 'alice' },
    [ALICE],
    'usr_alice',
  ],
  ['an unknown user, created', { provisioning: 'jit' }, { ...byName, username: 'new' }, [ALICE], 'usr_new'],
  ['an unknown user without a name, not created', { provisioning: 'jit' }, CLAIMED, [ALICE], 'incomplete'],
])('by %s', async (_, change, claimed, known, expected) => {
  const found = await findUpstreamUser(upstream(change), claimed, createPorts(known), NOW)
  expect(found.accepted ? found.value.id : found.refusal).toBe(expected)
})

test('by subject only once linked, whatever the other claims', async () => {
  const bob = { id: 'usr_bob', username: 'bob' }
  const ports = createPorts([ALICE, bob], [['sub-1', 'usr_bob']])
  expect(await findUpstreamUser(upstream({}), byName, ports, NOW)).toMatchObject({
    value: { id: 'usr_bob' },
  })
  expect(await findUpstreamUser(upstream({}), { ...byName, subject: 'sub-2' }, ports, NOW)).toMatchObject({
    value: { id: 'usr_alice' },
  })
  expect(await findUpstreamUser(upstream({}), { ...byName, subject: 'sub-3' }, ports, NOW)).toEqual({
    accepted: false,
    refusal: 'taken',
  })
})

test('by an existing link, even if the account now has an address of another provider', async () => {
  const ports = createPorts([OTHER], [['sub-1', 'usr_alice']])
  expect(await findUpstreamUser(upstream({}), byName, ports, NOW)).toMatchObject({
    value: { id: 'usr_alice' },
  })
})

test.each<[string, readonly [created?: true], readonly string[]]>([
  ['was created by an earlier sign-in', [true], ['usr_alice 192.0.2.1']],
  ['an administrator defined', [], []],
])('follows the claims for a user who %s', async (_, created, updated) => {
  const ports = createPorts([ALICE], [['sub-1', 'usr_alice', ...created]])
  await findUpstreamUser(upstream({}), byName, ports, { at: 0, ip: '192.0.2.1' })
  expect(ports.updated).toEqual(updated)
})

test('neither by the link of a removed user, nor by the rule again', async () => {
  const ports = createPorts([ALICE], [['sub-1', 'usr_gone']])
  expect(await findUpstreamUser(upstream({ provisioning: 'jit' }), byName, ports, NOW)).toEqual({
    accepted: false,
    refusal: 'unknown',
  })
})

test.each([
  ['linked by name', { link: ['username'] }, [ALICE], 'usr_alice'],
  ['created', { provisioning: 'jit' }, [], 'usr_new'],
] as const)(
  'a user who is %s in two tabs at the same time signs in with both',
  async (_, source, known, id) => {
    const ports = createPorts(known)
    const { find } = ports.upstreams.links
    const first = Promise.withResolvers<unknown>()
    const looked: string[] = []
    ports.upstreams.links.find = async (...asked) => {
      const found = await find(...asked)
      // The second one looks before the first one links, and goes on afterwards.
      if (looked.push('looked') === 1) await first.promise
      return found
    }
    const second = findUpstreamUser(upstream(source), byName, ports, NOW)
    first.resolve(findUpstreamUser(upstream(source), byName, ports, NOW))
    expect(await first.promise).toMatchObject({ accepted: true, value: { id } })
    expect(await second).toMatchObject({ accepted: true, value: { id } })
  },
)
