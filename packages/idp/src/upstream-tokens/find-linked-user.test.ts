// Which user another identity provider means: one user exactly; outside of an ID token, by a verified address of its
// domains.
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { User } from '../ports.ts'
import { findKnownUser, findLinkedUser, type LinkPorts } from './find-linked-user.ts'

const trust = {
  issuer: 'https://login.corp.test',
  link: ['attribute:badge', 'email'],
  emailDomains: ['acme.test'],
} as unknown as SubjectIssuerDefinition

const makeUser = (id: string, more: object = {}) =>
  ({ id, username: id, email: `${id}@acme.test`, emailVerified: true, ...more }) as User

const USERS = [
  makeUser('alice', { attributes: { badge: 'B-1' } }),
  makeUser('bob', { attributes: { badge: 'B-2' } }),
  makeUser('carol', { attributes: { badge: 'B-2' } }),
  makeUser('dave', { emailVerified: false }),
  makeUser('erin', { email: 'erin@elsewhere.test' }),
  makeUser('frank', { username: 'boss@acme.test' }),
]

const ports = {
  users: {
    findById: async (id: string) => USERS.find((user) => user.id === id),
    findByLogin: async (login: string) =>
      USERS.find(({ username, email }) => [username, email].includes(login.toLowerCase())),
    findByAttribute: async (name: string, value: string) =>
      USERS.filter(({ attributes }) => attributes?.[name] === value),
  },
  upstreams: {
    links: {
      find: async (upstream: string, subject: string) =>
        upstream === trust.issuer && subject === 'corp-erin' ? { userId: 'erin' } : undefined,
    },
  },
} as unknown as LinkPorts

it.each([
  ['an attribute of one user', { subject: 'B-1' }, 'alice'],
  ['an attribute of two users', { subject: 'B-2' }, undefined],
  ['a link', { subject: 'corp-erin' }, 'erin'],
  ['a subject without a link', { subject: 'corp-frank' }, undefined],
  ['a verified address', { email: 'alice@acme.test' }, 'alice'],
  ['the same address in another case', { email: 'Alice@acme.test' }, undefined],
  ['an unverified address', { email: 'dave@acme.test' }, undefined],
  ['an address of another domain', { email: 'erin@elsewhere.test' }, undefined],
  ['a user name that looks like an address', { email: 'boss@acme.test' }, undefined],
])('by %s', async (_, named, id) => {
  expect((await findKnownUser(trust, named, ports))?.id).toBe(id)
})

it('applies each ID token of a linked user once, again after a fault, and no older one', async () => {
  const records = new Map<string, number>()
  const store = {
    find: async (model: string) => ({ issuedAt: records.get(model) }),
    async saveLater(model: string, _: string, { issuedAt = 0 }) {
      const isLater = issuedAt > (records.get(model) ?? -1)
      if (isLater) records.set(model, issuedAt)
      return isLater
    },
  }
  const applied: (string | undefined)[] = []
  let fails = false
  const upstreams = {
    links: { find: async () => ({ userId: 'alice', created: true }) },
    async update(_: unknown, __: unknown, { claimed }: { claimed: { name?: string } }) {
      if (fails) throw new Error('the database is away')
      applied.push(claimed.name)
    },
  }
  const linked = { ...ports, upstreams, store, signInProviders: [] } as unknown as LinkPorts
  const read = (name: string, iat: number) => {
    const about = { subject: 'corp-alice', claims: { name, iat } }
    return findLinkedUser({ ...trust, claims: { name: 'name' } } as never, about, linked, {
      at: 0,
      ip: undefined,
    })
  }
  await read('one', 1)
  await read('one', 1)
  fails = true
  await expect(read('two', 2)).rejects.toThrow('away')
  fails = false
  await read('one', 1)
  expect(applied).toEqual(['one'])
  await read('two', 2)
  await read('two', 2)
  await read('one', 1)
  expect(applied).toEqual(['one', 'two'])
})

it('uses the link that a concurrent first exchange created', async () => {
  let isLinked = false
  const find = async () => (isLinked ? { userId: 'alice' } : undefined)
  const add = async () => {
    isLinked = true
    return false
  }
  const upstreams = { links: { find, add } }
  const racing = { ...ports, upstreams, signInProviders: [] } as unknown as LinkPorts
  const byName = {
    ...trust,
    link: ['username'],
    emailDomains: [],
    claims: { username: 'preferred_username' },
  } as unknown as typeof trust
  const claims = { sub: 'corp-alice', preferred_username: 'alice', iat: 0 }
  const origin = { at: 0, ip: undefined }
  expect(await findLinkedUser(byName, { subject: 'corp-alice', claims }, racing, origin)).toMatchObject({
    accepted: true,
    value: { id: 'alice' },
  })
})

it.each<[string, readonly string[], string | undefined]>([
  ['one of the issuer', ['acme.test'], 'alice'],
  ['another one', ['corp.test'], undefined],
  ['any, because none is listed', [], undefined],
])('a verified address counts if its domain is %s', async (_, emailDomains, id) => {
  const upstreams = { links: { find: async () => undefined, add: async () => true } }
  const linked = { ...ports, upstreams, signInProviders: [] } as unknown as LinkPorts
  const byEmail = {
    ...trust,
    link: ['email'],
    emailDomains,
    provisioning: 'none',
    claims: { email: 'email' },
  }
  const claims = { sub: 'corp-alice', email: 'alice@acme.test', email_verified: true, iat: 0 }
  const about = { subject: 'corp-alice', claims }
  const found = await findLinkedUser(byEmail as never, about, linked, { at: 0, ip: undefined })
  expect(found.accepted ? found.value.id : undefined).toBe(id)
})
