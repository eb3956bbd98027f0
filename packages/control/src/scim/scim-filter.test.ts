import { describe, expect, it } from 'vitest'

import { parseScimFilter } from './scim-filter.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const USER = {
  id: 'usr_1',
  externalId: 'Ext',
  userName: 'Alice@acme.test',
  displayName: 'Alice "A" Chen',
  active: true,
  emails: [
    { value: 'Alice@acme.test', type: 'work', primary: true },
    { value: 'a@home.test', type: 'home' },
  ],
  groups: [{ value: 'Eng' }],
  [ENTERPRISE]: { department: 'R&D' },
  meta: { lastModified: '2026-11-27T10:00:00.000Z' },
}

describe('a filter', () => {
  it.each([
    'userName eq "ALICE@acme.test"',
    'username EQ "alice@acme.test"',
    'externalId eq "Ext"',
    'displayName eq "alice \\"a\\" chen"',
    'displayName co "chen" and displayName sw "ali" and displayName ew "Chen"',
    'active eq true',
    'active eq "True"',
    'not (active eq false)',
    '(userName eq "x" or not (active eq false)) and displayName pr',
    'emails eq "a@home.test"',
    'emails.value eq "A@HOME.test"',
    'emails[type eq "work" and value co "acme"]',
    'groups.value eq "Eng"',
    `${ENTERPRISE}:department eq "r&d"`,
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "alice"',
    'meta.lastModified gt "2026-01-01T00:00:00Z"',
    'meta.lastModified le "2026-11-27T10:00:00.000Z"',
    'meta.lastModified ge "2026-11-27T10:00:00.000Z"',
    'userName ne "alice"',
    'meta.lastModified gt "2026-11-27T14:59:59+05:00"',
    'meta.lastModified eq "2026-11-27T10:00:00Z"',
    'title ne "x"',
    'userName ne "bob"',
    'active ne false',
    'userName eq "\\u0041lice@acme.test"',
  ])('%s matches', (text) => {
    expect(parseScimFilter(text).matches(USER)).toBe(true)
  })

  it.each([
    'userName eq "bob"',
    'externalId eq "ext"',
    'id eq "USR_1"',
    'groups.value eq "eng"',
    'active eq false',
    'title pr',
    'emails[type eq "home" and value co "acme"]',
    'userName ne "alice@acme.test"',
    'meta.lastModified lt "2026-01-01T00:00:00Z"',
    'meta.lastModified ge "2027-01-01T00:00:00Z"',
    'constructor pr',
    '__proto__ pr',
  ])('%s does not match', (text) => {
    expect(parseScimFilter(text).matches(USER)).toBe(false)
  })

  it.each([
    ['a JSON string', 'ACME\\\\nora'],
    ['a text whose backslash is not escaped', 'ACME\\nora'],
    ['one before a letter that JSON does not escape', 'ACME\\Nora'],
  ])('finds a name with a backslash by %s', (_, literal) => {
    const { matches, wanted } = parseScimFilter(`(userName eq "${literal}") and not (title pr)`)
    expect([matches({ userName: 'ACME\\nora' }), wanted?.value.toLowerCase()]).toEqual([true, 'acme\\nora'])
  })

  it.each([
    ['userName eq "Bob"', { attribute: 'username', value: 'Bob' }],
    ['displayName co "x" and externalId eq "e"', { attribute: 'externalid', value: 'e' }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "b"', { attribute: 'username', value: 'b' }],
    ['userName eq "a" or userName eq "b"', undefined],
    ['not (userName eq "a")', undefined],
    ['userName ne "a"', undefined],
    ['emails[value eq "a"]', undefined],
    ['active eq true', undefined],
  ])('%s is looked up by %j', (text, wanted) => {
    expect(parseScimFilter(text).wanted).toEqual(wanted)
  })

  it.each([
    ...['', 'userName', 'userName eq', 'userName zz "x"', 'userName eq "a" garbage'],
    // RFC 7644 section 3.4.2.2: a boolean has no order.
    ...['active gt true', 'emails[primary le "false"]'],
  ])('%s is rejected', (text) => {
    expect(() => parseScimFilter(text)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidFilter' }),
    )
  })

  it('may have 1,024 characters', () => {
    const parse = (length: number) => parseScimFilter('userName eq "x"'.padEnd(length))
    expect(parse(1024).matches({ userName: 'x' })).toBe(true)
    expect(() => parse(1025)).toThrow('The filter is too long.')
  })

  it.each(['userName eq "a\nb"', `userName eq "${'\n'.repeat(1000)}`])(
    'with line feeds in a text is rejected before parsing, which would take forever',
    (text) => {
      expect(() => parseScimFilter(text)).toThrow('The filter has a control character.')
    },
  )
})
