import type { Entry } from 'ldapts'
import { describe, expect, it } from 'vitest'

import { zDirectory } from '../config-file/directory-schema.ts'
import { mapEntries } from './map-entries.ts'

const GUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

function map(users: readonly Entry[], groups: readonly Entry[] = [], change: object = {}) {
  const directory = zDirectory.parse({
    id: 'ad',
    emailDomains: ['acme.test', 'Acme.Example'],
    ldap: {
      ...{ url: 'ldaps://ad.acme.example', bindDn: 'cn=reader', bindPassword: 'p' },
      users: { base: 'dc=acme', attributes: { adId: 'objectGUID', title: 'title' } },
      groups: { base: 'dc=acme' },
      ...change,
    },
  })
  if (directory.ldap === undefined) throw new Error('no ldap')
  return mapEntries(directory, directory.ldap, { users, groups })
}

const ann: Entry = {
  ...{ dn: 'CN=Ann Smith, OU=UserLookup, DC=acme', objectGUID: GUID, sAMAccountName: 'ann' },
  ...{ mail: 'ann@acme.example', displayName: 'Ann Smith', userAccountControl: '512', title: [] },
}

describe('a user of Active Directory', () => {
  it('has the id that tools of the directory show, the same in every process', async () => {
    const { users, problems } = await map([ann])
    expect(problems).toEqual([])
    const externalId = '33221100-5544-7766-8899-aabbccddeeff'
    expect(users).toEqual([
      {
        id: expect.stringMatching(/^usr_[0-9a-f]{32}$/),
        input: {
          ...{ username: 'ann', externalId, email: 'ann@acme.example', emailVerified: true },
          ...{ name: 'Ann Smith', active: true, attributes: { adId: externalId, title: null } },
        },
      },
    ])
    expect((await map([ann])).users[0]?.id).toBe(users[0]?.id)
  })

  it.each([
    ['512', true],
    ['514', false],
    ['66048', true],
    ['66050', false],
    ['-2147483136', true],
  ])('with userAccountControl %s is active: %s', async (userAccountControl, active) => {
    expect((await map([{ ...ann, userAccountControl }])).users[0]?.input.active).toBe(active)
  })

  it.each([[undefined], [[]], ['no number']])(
    'is skipped if its disabled state cannot be read: %s; OpenLDAP needs no such attribute',
    async (control) => {
      const { userAccountControl: _, ...rest } = ann
      const hidden = { ...rest, ...(control === undefined ? {} : { userAccountControl: control }) } as Entry
      const reason = 'it has no userAccountControl, which tells whether it is disabled'
      expect(await map([hidden])).toMatchObject({ users: [], problems: [`${ann.dn}: ${reason}`] })
      const unix = { ...hidden, entryUUID: 'e-1', uid: 'ann' } as Entry
      expect((await map([unix], [], { kind: 'openldap' })).users[0]?.input.active).toBe(true)
    },
  )

  it('with an address of another domain, or an invalid one, has no verified address', async () => {
    for (const mail of ['ann@other.example', 'ann@other-acme.example', 'ann@it.acme.example'])
      expect((await map([{ ...ann, mail }])).users[0]?.input).toMatchObject({
        email: mail,
        emailVerified: false,
      })
    for (const mail of ['ann', 'ann@acme', 'änn@acme.example', `${'a'.repeat(244)}@acme.example`])
      expect([mail, (await map([{ ...ann, mail }])).users[0]?.input]).toMatchObject([
        mail,
        { email: null, emailVerified: false },
      ])
    const longest = `${'a'.repeat(243)}@acme.example`
    expect((await map([{ ...ann, mail: longest }])).users[0]?.input).toMatchObject({
      email: longest,
    })
  })

  it('is skipped with a problem if the entry is incomplete', async () => {
    const { objectGUID: _, ...noId } = ann
    const { users, problems } = await map([noId as Entry, { ...ann, sAMAccountName: '' }, ann, ann])
    expect(users).toHaveLength(1)
    expect(problems).toEqual([
      `${ann.dn}: it has no objectGUID`,
      `${ann.dn}: it has no sAMAccountName of at most 256 characters in one line`,
      `${ann.dn}: another entry has its id`,
    ])
  })

  it.each([15, 17])('is skipped if its objectGUID has %i bytes', async (length) => {
    const { users, problems } = await map([{ ...ann, objectGUID: Buffer.alloc(length, 1) }])
    expect([users, problems]).toEqual([[], [`${ann.dn}: it has no objectGUID`]])
  })

  it.each([
    ['', false],
    ['e'.repeat(256), true],
    ['e'.repeat(257), false],
  ])('of another directory is known by an id of up to 256 characters: %j, %s', async (entryUUID, isKnown) => {
    const { users, problems } = await map([{ ...ann, entryUUID, uid: 'ann' }], [], { kind: 'openldap' })
    expect(users.map(({ input }) => input.externalId)).toEqual(isKnown ? [entryUUID] : [])
    expect(problems).toEqual(isKnown ? [] : [`${ann.dn}: it has no entryUUID`])
  })

  it.each([
    ['Engineer', 'Engineer'],
    ['', null],
    ['x'.repeat(1024), 'x'.repeat(1024)],
    ['x'.repeat(1025), 'x'.repeat(1024)],
  ])('has the attribute %j as %j', async (title, taken) => {
    expect((await map([{ ...ann, title }])).users[0]?.input.attributes).toMatchObject({ title: taken })
  })

  it('loses bidirectional controls in its display name, and is skipped if its user name has any', async () => {
    expect((await map([{ ...ann, displayName: 'Ann\u202e Smith' }])).users[0]?.input.name).toBe('Ann Smith')
    const { users, problems } = await map([{ ...ann, sAMAccountName: 'ann\u202e' }])
    expect(users).toEqual([])
    expect(problems).toEqual([`${ann.dn}: it has no sAMAccountName of at most 256 characters in one line`])
  })

  it('has attributes with names in any case', async () => {
    const { sAMAccountName, ...rest } = ann
    expect(
      (await map([{ ...rest, samaccountname: sAMAccountName ?? '' } as Entry])).users[0]?.input.username,
    ).toBe('ann')
  })
})

describe('a group', () => {
  const admins = { dn: 'CN=Admins,DC=acme', cn: 'Admins' }

  it('has the members that it lists and those that list it, ignoring differences in DN notation', async () => {
    const other = { ...ann, dn: 'cn=bob,dc=acme', objectGUID: Buffer.alloc(16, 1), sAMAccountName: 'bob' }
    const { users, groups } = await map(
      [{ ...ann, memberOf: 'cn=admins,dc=acme' }, other],
      [{ ...admins, member: ['CN=Bob,DC=acme', 'CN=Stranger,DC=acme'] }],
    )
    expect(groups).toEqual([
      { name: 'Admins', externalId: null, members: users.map(({ id }) => id).toSorted() },
    ])
  })

  it('has every user that lists it', async () => {
    const listed = ['ann', 'bob'].map((name, at) => ({
      ...{ ...ann, dn: `cn=${name},dc=acme`, sAMAccountName: name, objectGUID: Buffer.alloc(16, at + 1) },
      memberOf: admins.dn,
    }))
    const { users, groups } = await map(listed, [admins])
    expect(users).toHaveLength(2)
    expect(groups[0]?.members).toEqual(users.map(({ id }) => id).toSorted())
  })

  it.each([
    ['CN=Smith\\, Ann,DC=acme', 'CN=Smith\\,Ann,DC=acme'],
    ['CN=a\\+ b,DC=acme', 'CN=a\\+b,DC=acme'],
    ['CN=a= b,DC=acme', 'CN=a=b,DC=acme'],
    ['CN=a\\ ,DC=acme', 'CN=a\\,DC=acme'],
    ['CN=a\\\\\\ ,DC=acme', 'CN=a\\\\,DC=acme'],
  ])('keeps %s and %s apart, which differ only in a space of the value', async (dn, otherDn) => {
    const other = { ...ann, dn: otherDn, objectGUID: Buffer.alloc(16, 1), sAMAccountName: 'other' }
    const { users, groups } = await map([{ ...ann, dn }, other], [{ ...admins, member: [dn] }])
    expect(groups[0]?.members).toEqual([users.find(({ input }) => input.username === 'ann')?.id])
  })

  it.each([
    [' CN = Ann , DC = acme ', 'CN=Ann,DC=acme'],
    ['CN=a\\\\ ,DC=acme', 'CN=a\\\\,DC=acme'],
    ['CN=Ann+UID= 7,DC=acme', 'CN=Ann + UID=7, DC=acme'],
  ])('finds %s as %s', async (dn, member) => {
    const { users, groups } = await map([{ ...ann, dn }], [{ ...admins, member: [member] }])
    expect(groups[0]?.members).toEqual(users.map(({ id }) => id))
  })

  it.each([
    ['only spaces', ' '.repeat(2000)],
    ['spaces in its value', `CN=a${' '.repeat(100_000)}b`],
    ['escaped spaces', `CN=${'\\ '.repeat(50_000)}`],
  ])('has members in time that grows linearly with a DN of %s', async (_, member) => {
    const startedAt = performance.now()
    await map([ann], [{ ...admins, member: [member, ann.dn] }])
    expect(performance.now() - startedAt).toBeLessThan(500)
  })

  it('is skipped if its name is invalid or already used', async () => {
    const { groups, problems } = await map([], [{ ...admins, cn: 'a/b' }, admins, { ...admins, dn: 'CN=2' }])
    expect(groups).toHaveLength(1)
    expect(problems).toEqual([
      'CN=Admins,DC=acme: its cn cannot be the name of a group',
      'CN=2: another group has its name',
    ])
  })
})

it.each([
  [
    'many entries',
    Array.from({ length: 600 }, (_, at) => ({ ...ann, objectGUID: Buffer.alloc(16, `${at}`) })),
    ['a', 'b', 'c'].map((cn) => ({ dn: `CN=${cn},DC=acme`, cn })),
  ],
  [
    'many members',
    [],
    [{ dn: 'CN=a,DC=acme', cn: 'a', member: Array.from({ length: 1500 }, (_, at) => `CN=${at},DC=acme`) }],
  ],
])('lets other work run between %s', async (_, users, groups) => {
  let turns = 0
  const count = () => {
    turns += 1
    counting = setImmediate(count)
  }
  let counting = setImmediate(count)
  await map(users as never, groups)
  clearImmediate(counting)
  expect(turns).toBeGreaterThan(4)
})
