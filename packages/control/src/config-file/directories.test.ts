// Directories that could provision no users, or be mistaken for each other, are reported at startup.
import { describe, expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const TOKEN = 'k2Jf8-Qz71mLxP0vWc93RtYb5NdHsGa4'
const OTHER = 'Zp4w_Tn6bV1qXc8Rm5Kd2Ly7Hf0Js3Ga'

function problemsOf(directories: readonly object[], admin: object | undefined = { token: OTHER + TOKEN }) {
  const text = JSON.stringify({ baseUrl: 'https://xaa.example', admin, idp: { directories } })
  return parseConfiguration(text, 'test.json', {}).problems.map(
    ({ severity, what }) => `${severity}: ${what}`,
  )
}

describe('a directory', () => {
  it('is valid, also with two tokens during rotation', () => {
    expect(problemsOf([{ id: 'okta', token: TOKEN }])).toEqual([])
    expect(problemsOf([{ id: 'okta', token: [TOKEN, OTHER] }])).toEqual([])
  })

  it('needs an id and a token of its own', () => {
    const twice = problemsOf([
      { id: 'okta', token: TOKEN },
      { id: 'okta', token: TOKEN },
    ])
    expect(twice).toContainEqual(expect.stringContaining('the id in idp.directories okta is already used'))
    expect(twice).toContainEqual('error: directory okta has a token of directory okta')
  })

  it('needs the admin API to apply its changes', () => {
    const text = JSON.stringify({
      baseUrl: 'https://xaa.example',
      idp: { directories: [{ id: 'okta', token: TOKEN }] },
    })
    const { problems } = parseConfiguration(text, 'test.json', {})
    expect(problems.map(({ what }) => what)).toContain(
      'directories change users through the admin API, which is off',
    )
  })

  it('gets a warning for a guessable token and an error for a short one', () => {
    expect(problemsOf([{ id: 'okta', token: 'a'.repeat(40) }])).toContainEqual(
      expect.stringMatching(/^warning: the token has at most \d+ bits/),
    )
    expect(problemsOf([{ id: 'okta', token: TOKEN.slice(1) }])).toContainEqual(
      expect.stringMatching(/^error: /),
    )
  })

  const LDAP = {
    url: 'ldaps://ad.acme.example',
    bindDn: 'cn=reader',
    bindPassword: 'password',
    users: { base: 'dc=acme' },
  }

  it('is provisioned by SCIM or read by LDAP, not both', () => {
    expect(problemsOf([{ id: 'ad', ldap: LDAP }])).toEqual([])
    const both = 'exactly one of token (SCIM) and ldap'
    expect(problemsOf([{ id: 'ad', ldap: LDAP, token: TOKEN }]).join()).toContain(both)
    expect(problemsOf([{ id: 'ad' }]).join()).toContain(both)
  })

  it.each<[string, object, string | undefined]>([
    ['StartTLS', { url: 'ldap://ad.acme.example:389' }, undefined],
    ['no encryption', { url: 'ldap://ad.acme.example', startTls: false }, 'in the clear'],
    ['no encryption on this machine', { url: 'ldap://127.0.0.1:389', startTls: false }, undefined],
    ['another protocol', { url: 'https://ad.acme.example' }, 'ldap.url is'],
    ['a password in the URL', { url: 'ldaps://u:p@ad.acme.example' }, 'ldap.url is'],
    ['a filter without parentheses', { users: { base: 'dc=acme', filter: 'uid=*' } }, 'filter is'],
  ])('read by LDAP: %s', (_, change, problem) => {
    const found = problemsOf([{ id: 'ad', ldap: { ...LDAP, ...change } }])
    if (problem === undefined) expect(found).toEqual([])
    else expect(found.join()).toContain(problem)
  })
})
