// Two nodes read one directory, and the one that read it first is the last to make its changes.
import { expect, it } from 'vitest'

import { type DirectoryDefinition, zDirectory } from '../config-file/directory-schema.ts'
import type { LdapDefinition } from '../config-file/ldap-schema.ts'
import { openNodes } from '../testing/open-nodes.ts'
import type { LdapContent } from './read-ldap.ts'
import { syncLdap } from './sync-ldap.ts'

const directory = zDirectory.parse({
  id: 'corp',
  ldap: {
    ...{ url: 'ldaps://ldap.test', bindDn: 'cn=reader', bindPassword: 'p', maxVanishedPercent: 100 },
    ...{ users: { base: 'dc=test' }, groups: { base: 'dc=test' } },
  },
}) as DirectoryDefinition & { readonly ldap: LdapDefinition }

const [ENABLED, DISABLED] = ['512', '514']
const person = (name: string, userAccountControl = ENABLED, displayName = name) => ({
  ...{ dn: `cn=${name}`, objectGUID: Buffer.alloc(16, name), sAMAccountName: name, displayName },
  userAccountControl,
})
const group = (...members: readonly string[]) => ({
  ...{ dn: 'cn=staff', cn: 'staff', objectGUID: Buffer.alloc(16, 's') },
  member: members.map((name) => `cn=${name}`),
})

async function openBoth() {
  const nodes = await openNodes({})
  const [one, other] = nodes.map(({ parts }) => ({
    parts,
    sync: (read: () => Promise<LdapContent>) => syncLdap(parts, directory, read),
  }))
  const bodies = async <T>(collection: string) =>
    (await nodes[0].storage.objects.list(collection)).map(({ body }) => body as T)
  return { one: one!, other: other!, bodies }
}

const contentOf = (users: readonly object[], groups: readonly object[] = []) =>
  ({ users, groups }) as unknown as LdapContent

it('an older reading does not activate a user again, nor add a member again', async () => {
  const { one, other, bodies } = await openBoth()
  const before = contentOf([person('ann'), person('ben')], [group('ann', 'ben')])
  await one.sync(async () => before)
  const after = contentOf([person('ann', DISABLED), person('ben')], [group('ben')])
  const late = await one.sync(async () => {
    await other.sync(async () => after)
    // Also renamed, so that it does not look unchanged.
    return contentOf([person('ann', ENABLED, 'Ann'), person('ben')], before.groups)
  })
  expect(late).toEqual({ changed: 0, problems: [] })
  const users = await bodies<{ id: string; username: string; active: boolean }>('users')
  expect(users.map(({ username, active }) => [username, active]).toSorted()).toEqual([
    ['ann', false],
    ['ben', true],
  ])
  const ben = users.find(({ username }) => username === 'ben')?.id
  expect(await bodies('groups')).toMatchObject([{ id: 'staff', members: [ben] }])
  // The next reading counts.
  expect(await one.sync(async () => before)).toMatchObject({ changed: 2 })
})

it('a user who is disabled and renamed at once is stopped and renamed in one run', async () => {
  const { one, bodies } = await openBoth()
  await one.sync(async () => contentOf([person('ann')]))
  await one.sync(async () => contentOf([person('ann', DISABLED, 'Ann')]))
  expect(await bodies('users')).toMatchObject([{ active: false, name: 'Ann' }])
})

it('users and groups that the other node has just added are no problem', async () => {
  const { one, other, bodies } = await openBoth()
  const content = contentOf([person('ann')], [group('ann')])
  const late = await one.sync(async () => {
    await other.sync(async () => content)
    return content
  })
  expect(late).toEqual({ changed: 0, problems: [] })
  expect([(await bodies('users')).length, (await bodies('groups')).length]).toEqual([1, 1])
})

it('a fault is not reported as the problem of one user', async () => {
  const { one, bodies } = await openBoth()
  const inTurn = () => Promise.reject(new Error('the database is away'))
  const run = syncLdap({ ...one.parts, inTurn }, directory, async () => contentOf([person('ann')]))
  await expect(run).rejects.toThrow('the database is away')
  expect(await bodies('users')).toEqual([])
})
