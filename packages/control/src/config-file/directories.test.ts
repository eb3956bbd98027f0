// Directories that could provision no one, or be taken for each other, are found at the start.
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
  it('as it should be is no problem, with two tokens while they change too', () => {
    expect(problemsOf([{ id: 'okta', token: TOKEN }])).toEqual([])
    expect(problemsOf([{ id: 'okta', token: [TOKEN, OTHER] }])).toEqual([])
  })

  it('needs an id and a token of its own', () => {
    const twice = problemsOf([
      { id: 'okta', token: TOKEN },
      { id: 'okta', token: TOKEN },
    ])
    expect(twice).toContainEqual(expect.stringContaining('the id in idp.directories okta is taken already'))
    expect(twice).toContainEqual('error: directory okta has a token of directory okta')
  })

  it('needs the admin API, which makes its changes', () => {
    const text = JSON.stringify({
      baseUrl: 'https://xaa.example',
      idp: { directories: [{ id: 'okta', token: TOKEN }] },
    })
    const { problems } = parseConfiguration(text, 'test.json', {})
    expect(problems.map(({ what }) => what)).toContain(
      'directories change users through the admin API, which is off',
    )
  })

  it('is warned about a token that could be guessed, and a short one is refused', () => {
    expect(problemsOf([{ id: 'okta', token: 'a'.repeat(40) }])).toContainEqual(
      expect.stringMatching(/^warning: the token has at most \d+ bits/),
    )
    expect(problemsOf([{ id: 'okta', token: TOKEN.slice(1) }])).toContainEqual(
      expect.stringMatching(/^error: /),
    )
  })
})
