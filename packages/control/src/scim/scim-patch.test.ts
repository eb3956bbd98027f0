// Patches that would block the library for hours, and similar ones that it applies quickly.
import SCIMMY from 'scimmy'
import { describe, expect, it } from 'vitest'

import type { Operation } from './scim-members.ts'
import { applyScimPatch } from './scim-patch.ts'
import { parseUser, SCHEMA } from './scim-resources.ts'

const USER = {
  schemas: [SCHEMA.user],
  id: 'usr_1',
  userName: 'alice',
  emails: [{ value: 'a@acme.test', type: 'work' }],
}
const patch = (operation: Operation) =>
  applyScimPatch([operation], new SCIMMY.Schemas.User(USER as never, 'out'), USER)
const ENDLESS = '\\a'.repeat(200)
const emails = (count: number) => Array.from({ length: count }, (_, at) => ({ value: `a${at}@acme.test` }))

describe('a PATCH', () => {
  it.each<[string, Operation, string]>([
    [
      'a path with backslashes',
      { op: 'replace', path: `emails[type eq "${ENDLESS}].value`, value: 'x' },
      'invalidPath',
    ],
    [
      'a path with line feeds',
      { op: 'replace', path: `emails[type eq "${'\n'.repeat(200)}]`, value: 'x' },
      'invalidPath',
    ],
    [
      'a name that is a path with backslashes',
      { op: 'add', value: { [`emails[type eq "${ENDLESS}]`]: 'x' } },
      'invalidPath',
    ],
    ['an overlong path', { op: 'add', path: 'a.'.repeat(100_000), value: 'x' }, 'invalidPath'],
    [
      'values to remove with quotes in a name',
      { op: 'remove', path: 'emails', value: [{ [`"${'a'.repeat(200)}`]: 5 }] },
      'invalidValue',
    ],
    [
      'values to remove with a nested list',
      { op: 'remove', path: 'emails', value: [{ value: 'x' }, { type: ['x'] }] },
      'invalidValue',
    ],
    ['more than 1,000 values', { op: 'add', path: 'emails', value: emails(1001) }, 'tooMany'],
  ])('with %s is rejected before the library parses it', async (_, operation, scimType) => {
    await expect(patch(operation)).rejects.toMatchObject({ name: 'ScimError', status: 400, scimType })
  })

  it('removes an address by its value and by a path, and adds many', async () => {
    const value = [{ value: 'a@acme.test' }]
    expect(await patch({ op: 'remove', path: 'emails', value })).not.toHaveProperty('emails')
    expect(await patch({ op: 'remove', path: 'emails[type eq "work"]' })).not.toHaveProperty('emails')
    expect((await patch({ op: 'add', path: 'emails', value: emails(998) }))['emails']).toHaveLength(999)
  })

  it.each([
    ['work', 1],
    ['Work', 1],
    ['home', 2],
  ])('sets the address of type %s, of %i addresses then', async (type, count) => {
    const value = 'b@acme.test'
    const patched = await patch({ op: 'replace', path: `emails[type eq "${type}"].value`, value })
    expect(patched['emails']).toHaveLength(count)
    expect(patched['emails']).toContainEqual(expect.objectContaining({ value }))
  })
})

describe('a PATCH that replaces without a path (RFC 7644 section 3.5.2.3)', () => {
  const value = { emails: [{ value: 'b@acme.test', type: 'home' }] }

  it.each([
    ['replaces lists', value],
    ['replaces lists beside other attributes', { ...value, displayName: 'Alice' }],
  ])('%s', async (_, members) => {
    expect(await patch({ op: 'Replace', value: members })).toMatchObject(members)
    expect(await patch({ op: 'replace', path: 'emails', value: value.emails })).toMatchObject(value)
  })

  it('removes a list that is empty, and adds to lists with `add`', async () => {
    expect(await patch({ op: 'replace', value: { emails: [] } })).not.toHaveProperty('emails.0')
    expect((await patch({ op: 'add', value }))['emails']).toHaveLength(2)
  })
})

describe('a PATCH may name attributes with the URN of their schema (RFC 7644 section 3.10)', () => {
  const urn = SCHEMA.user
  it.each<[string, Operation, Readonly<Record<string, unknown>>]>([
    ['a path', { op: 'replace', path: `${urn}:displayName`, value: 'A' }, { displayName: 'A' }],
    [
      'a path in capitals',
      { op: 'add', path: `${urn.toUpperCase()}:displayName`, value: 'A' },
      { displayName: 'A' },
    ],
    [
      'a sub-attribute',
      { op: 'add', path: `${urn}:name.givenName`, value: 'A' },
      { name: { givenName: 'A' } },
    ],
    ['a boolean as text', { op: 'add', path: `${urn}:active`, value: 'False' }, { active: false }],
    [
      'a missing address',
      { op: 'replace', path: `${urn}:emails[type eq "home"].value`, value: 'b@acme.test' },
      { emails: [...USER.emails, { value: 'b@acme.test', type: 'home' }] },
    ],
    [
      'a member of the value',
      { op: 'replace', value: { [`${urn}:displayName`]: 'A' } },
      { displayName: 'A' },
    ],
  ])('in %s', async (_, operation, expected) => {
    expect(await patch(operation)).toMatchObject(expected)
  })
})

describe('a PATCH may name attributes in any case (RFC 7643 section 2.1)', () => {
  const enterprise = `${SCHEMA.enterprise}:department`
  const extended = { [SCHEMA.enterprise]: { department: 'A' } }
  it.each<[string, Operation, Readonly<Record<string, unknown>>]>([
    ['a path', { op: 'replace', path: 'DISPLAYNAME', value: 'A' }, { displayName: 'A' }],
    ['a boolean as text', { op: 'replace', path: 'Active', value: 'False' }, { active: false }],
    ['a sub-attribute', { op: 'add', path: 'Name.GIVENNAME', value: 'A' }, { name: { givenName: 'A' } }],
    [
      'a selected value',
      { op: 'replace', path: 'EMAILS[TYPE eq "work"].VALUE', value: 'b@acme.test' },
      { emails: [{ value: 'b@acme.test', type: 'work' }] },
    ],
    ['an extension', { op: 'add', path: enterprise.toUpperCase(), value: 'A' }, extended],
    ['a member of the value', { op: 'replace', value: { DisplayName: 'A' } }, { displayName: 'A' }],
    [
      'a member of a member',
      { op: 'add', value: { NAME: { GivenName: 'A' }, [SCHEMA.enterprise]: { Department: 'A' } } },
      { name: { givenName: 'A' }, ...extended },
    ],
    [
      'members of a list',
      { op: 'replace', path: 'emails', value: [{ VALUE: 'b@acme.test', Type: 'home' }] },
      { emails: [{ value: 'b@acme.test', type: 'home' }] },
    ],
  ])('in %s', async (_, operation, expected) => {
    expect(await patch(operation)).toMatchObject(expected)
  })
})

it('replaces a selected value that exists, and otherwise has no target (RFC 7644 section 3.5.2.3)', async () => {
  const replace = (type: string) =>
    patch({ op: 'replace', path: `emails[type eq "${type}"]`, value: { value: 'b@acme.test' } })
  expect((await replace('work'))['emails']).toEqual([{ value: 'b@acme.test' }])
  await expect(replace('other')).rejects.toMatchObject({ status: 400, scimType: 'noTarget' })
})

it('a user may have at most 1,000 values in lists', () => {
  expect(parseUser({ userName: 'alice', emails: emails(1000) })['emails']).toHaveLength(1000)
  expect(() => parseUser({ userName: 'alice', emails: emails(1001) })).toThrow(
    expect.objectContaining({ name: 'ScimError', status: 400, scimType: 'tooMany' }),
  )
})
