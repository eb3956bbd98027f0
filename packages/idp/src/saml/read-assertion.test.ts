// What the evaluator learns from an assertion: everything that restricts it, and nothing of a form that is not exact.
import { expect, it } from 'vitest'

import { readAssertion, SAML } from './read-assertion.ts'
import { parseStrictXml } from './strict-xml.ts'

const TIME = '2027-01-15T08:00:00Z'

function read(content: string, issueInstant = TIME, { id = '_a', issuer = '<Issuer>i</Issuer>' } = {}) {
  const root = parseStrictXml(
    `<Assertion xmlns="${SAML}" ID="${id}" IssueInstant="${issueInstant}">${issuer}${content}</Assertion>`,
  )
  if (!root.accepted) throw new Error(root.refusal)
  return readAssertion(root.value)
}

const restrict = (...audiences: readonly string[]) =>
  `<AudienceRestriction>${audiences.map((one) => `<Audience>${one}</Audience>`).join('')}</AudienceRestriction>`

it('keeps each audience restriction, because all of them must hold', () => {
  expect(read(`<Conditions>${restrict('a', 'b')}${restrict('c')}</Conditions>`)).toMatchObject({
    value: { audienceRestrictions: [['a', 'b'], ['c']], unknownConditions: [] },
  })
})

it('names every condition that is not understood', () => {
  const conditions = '<OneTimeUse/><ProxyRestriction Count="1"/><Condition/>'
  expect(read(`<Conditions>${conditions}</Conditions>`)).toMatchObject({
    value: { unknownConditions: ['ProxyRestriction', 'Condition'] },
  })
})

it.each([
  ['2027-01-15T08:00:00.5Z', 1_800_000_000.5],
  ['2027-01-15T10:00:00+02:00', undefined],
  ['2027-01-15T08:00:00', undefined],
  ['2027-13-15T08:00:00Z', undefined],
  ['2028-02-29T08:00:00Z', 1_835_424_000],
  ['2027-02-29T08:00:00Z', undefined],
  ['2027-02-30T08:00:00Z', undefined],
  ['2027-04-31T08:00:00Z', undefined],
])('reads the time %s', (text, seconds) => {
  const assertion = read('', text)
  expect(assertion.accepted ? assertion.value.issueInstant : undefined).toBe(seconds)
})

it('refuses a second subject, name or issuer', () => {
  expect(read('<Subject/>').accepted).toBe(true)
  for (const content of [
    '<Subject/><Subject/>',
    '<Subject><NameID/><NameID/></Subject>',
    '<Issuer>j</Issuer>',
  ])
    expect([content, read(content).accepted]).toEqual([content, false])
})

const confirm = (attributes: string) =>
  `<Subject><SubjectConfirmation Method="m"><SubjectConfirmationData ${attributes}/></SubjectConfirmation></Subject>`

it.each([
  ['NotBefore', (time: string) => `<Conditions NotBefore="${time}"/>`, ['notBefore']],
  ['NotOnOrAfter', (time: string) => `<Conditions NotOnOrAfter="${time}"/>`, ['notOnOrAfter']],
  ['NotBefore', (time: string) => confirm(`NotBefore="${time}"`), ['confirmations', 0, 'notBefore']],
  ['NotOnOrAfter', (time: string) => confirm(`NotOnOrAfter="${time}"`), ['confirmations', 0, 'notOnOrAfter']],
  [
    'SessionNotOnOrAfter',
    (time: string) => `<AuthnStatement AuthnInstant="${TIME}" SessionNotOnOrAfter="${time}"/>`,
    ['authnStatements', 0, 'sessionNotOnOrAfter'],
  ],
])('reads the limit %s, and refuses one that is not a time', (name, build, path) => {
  expect(read(build(TIME))).toHaveProperty(['value', ...path], 1_800_000_000)
  const refusal = `${name} that is not a time in UTC`
  for (const text of ['', 'never', '2027-01-15'])
    expect(read(build(text))).toEqual({ accepted: false, refusal })
})

it.each([
  [{ id: '' }, 'no ID'],
  [{ issuer: '<Issuer/>' }, 'no Issuer'],
  [{ issuer: '' }, 'no Issuer'],
  [{ issuer: '<Issuer>i<b/></Issuer>' }, 'no Issuer'],
])('refuses an assertion without an id or an issuer: %j', (change, refusal) => {
  expect(read('', TIME, change)).toEqual({ accepted: false, refusal })
})

it.each([
  ['usr_alice', 'usr_alice'],
  ['usr_<!-- a comment -->alice', 'usr_alice'],
  ['usr_<b/>alice', undefined],
])('reads the name %s as %s', (text, value) => {
  const assertion = read(`<Subject><NameID>${text}</NameID></Subject>`)
  expect(assertion.accepted && assertion.value.nameId?.value).toBe(value)
})
