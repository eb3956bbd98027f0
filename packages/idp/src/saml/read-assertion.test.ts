// What the evaluator learns from an assertion: everything that restricts it, and nothing of a form that is not exact.
import { expect, it } from 'vitest'

import { readAssertion, SAML } from './read-assertion.ts'
import { parseStrictXml } from './strict-xml.ts'

function read(content: string, issueInstant = '2027-01-15T08:00:00Z') {
  const root = parseStrictXml(
    `<Assertion xmlns="${SAML}" ID="_a" IssueInstant="${issueInstant}"><Issuer>i</Issuer>${content}</Assertion>`,
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
