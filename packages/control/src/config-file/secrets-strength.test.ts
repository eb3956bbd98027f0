// Guessable secrets cause warnings that show their line but not the secret.
import { describe, expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const BASE = 'https://xaa.example'
const STRONG = 'Zk3vQ9xT1LbW7sRyH5uJcE2mP8dN4aGf'

interface Secrets {
  readonly app?: string
  readonly client?: string
  readonly token?: string
}

function findWarnings({ app = STRONG, client = STRONG, token = STRONG }: Secrets) {
  const auth = (secret: string) => ({ method: 'client_secret_basic', secret })
  const file = {
    baseUrl: BASE,
    admin: { token },
    idp: { apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: auth(app) }] },
    authorizationServers: [{ id: 'vendor', clients: [{ id: 'there', auth: auth(client) }] }],
  }
  const text = JSON.stringify(file, undefined, 1)
  const { problems } = parseConfiguration(text, 'test.json', {})
  return problems
    .filter(({ what }) => what.includes('bits of strength'))
    .map(({ severity, line, what, fix }) => ({ severity, at: text.split('\n')[line - 1]?.trim(), what, fix }))
}

const DIGITS = '31415926535897932384626433832795028841971693993751'
const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c'
const LETTERS = 'qwmzkxjrvbtpnhsdyglfcaoieuqzwkxm'
const BASE64 = 'Zk3vQ9-T1LbW7sRyH5uJ_E2mP8dN4aGf'
const PRINTABLE = 'p$9!vK@2#xL%7^wM&4*zQ(6)sT'

describe('the strength of a secret', () => {
  it.each([
    ['digits', DIGITS, 38],
    ['hexadecimal digits', HEX, 31],
    ['small letters', LETTERS, 27],
    ['base64url', BASE64, 21],
    ['printable characters', PRINTABLE, 19],
  ])('of %s is enough from 128 bits, with a warning one character below', (_, secret, longestWeak) => {
    expect(findWarnings({ app: secret.slice(0, longestWeak + 1) })).toEqual([])
    expect(findWarnings({ app: secret.slice(0, longestWeak) })).toHaveLength(1)
  })

  it.each([
    ['one character', 'a'.repeat(200), 1],
    ['two characters', 'ab'.repeat(63), 1],
    ['two characters, 128 of them', 'ab'.repeat(64), 0],
  ])('of a repetition of %s counts only its distinct characters', (_, secret, warnings) => {
    expect(findWarnings({ app: secret })).toHaveLength(warnings)
  })

  it('does not count the padding of base64', () => {
    expect(findWarnings({ app: `${BASE64.slice(0, 20)}+==`.replaceAll(/[-_]/g, '+') })).toHaveLength(1)
    expect(findWarnings({ app: `${BASE64.slice(0, 21)}+==`.replaceAll(/[-_]/g, '+') })).toEqual([])
  })
})

it.each<[string, Secrets, string]>([
  ['an app', { app: 'idp-secret' }, 'the client secret has at most 60 bits of strength, fewer than 128'],
  [
    'a client of a Resource AS',
    { client: 'idp-secret' },
    'the client secret has at most 60 bits of strength, fewer than 128',
  ],
  [
    'the admin API',
    { token: '12345678901234567890123456789012' },
    'the admin token has at most 106 bits of strength, fewer than 128',
  ],
])(
  'config check warns of a weak secret of %s with its line and a fix, without showing it',
  (_, weak, what) => {
    const [secret = ''] = Object.values(weak)
    const [warning, ...more] = findWarnings(weak)
    expect(more).toEqual([])
    expect(warning).toMatchObject({
      severity: 'warning',
      what,
      fix: 'use 32 random bytes: `openssl rand -hex 32`',
    })
    expect(warning?.at).toContain(secret)
    expect(`${warning?.what} ${warning?.fix}`).not.toContain(secret)
  },
)
