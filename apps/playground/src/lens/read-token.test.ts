// What the token lens shows, and that its modules are complete: loaded as a browser would, with nothing from this
// process.
import { expect, it } from 'vitest'

import { collectPageModules } from './page-modules.ts'
import { readToken } from './read-token.ts'

const NOW = 1_772_445_600
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (header: unknown, claims: unknown): string => `${encode(header)}.${encode(claims)}.c2ln`
const ID_JAG = token(
  { alg: 'ES256', kid: 'k', typ: 'oauth-id-jag+jwt' },
  {
    iss: 'https://a',
    sub: '<img src=x>',
    aud: 'https://b',
    client_id: 'c',
    jti: 'j',
    iat: NOW,
    exp: NOW + 240,
  },
)

it.each([
  ['', 'No token yet.'],
  ['  \n', 'No token yet.'],
  ['hello', 'This is not a JWT'],
  ['a.b.c', 'This is not a JWT'],
  [ID_JAG, 'Decoded: 0 errors, 0 warnings.'],
  [`Bearer ${ID_JAG}\n`, 'Decoded: 0 errors, 0 warnings.'],
  [token({ alg: 'none', typ: 'oauth-id-jag+jwt' }, { aud: ['a', 'b'] }), 'Decoded: 8 errors, 1 warning.'],
])('reads %.20s', async (text, status) => {
  expect((await readToken(text, NOW)).status).toContain(status)
})

it('explains each claim, and shows times', async () => {
  const { markup } = await readToken(ID_JAG, NOW)
  for (const words of [
    'ID-JAG',
    'The only authorization server that may redeem it.',
    '(in 4 min)',
    'oauth-id-jag+jwt',
  ])
    expect(markup).toContain(words)
})

it('escapes the content of a token', async () => {
  const { markup } = await readToken(ID_JAG, NOW)
  expect(markup).toContain('&lt;img src=x&gt;')
  expect(markup).not.toContain('<img')
})

it('resolves every import of the page to a module of the page, never to Node.js', () => {
  const { entry, find } = collectPageModules(
    new URL('read-token.ts', import.meta.url).pathname,
    '/lens/modules/',
  )
  const seen = new Set<string>()
  const walk = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    const text = find(path)
    if (text === undefined) throw new Error(`${path} is not served`)
    expect(text).not.toMatch(/^import type|^interface |from 'node:|process\./m)
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export)[^'"()=]*?from\s*['"]([^'"]+)['"]/gm))
      walk(specifier)
  }
  walk(entry)
  expect(seen.size).toBeGreaterThan(8)
  expect(find('/lens/modules/../../package.json')).toBeUndefined()
})
