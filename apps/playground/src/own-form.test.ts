import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { beforeAll, expect, it, test } from 'vitest'

import { createFaultAllowance } from './fault-allowance.ts'
import { parseOwn } from './own-form.ts'

const GOOD = {
  idp: 'https://idp.example',
  idp_client_id: 'agent0',
  idp_secret: 'at the idp',
  as: 'http://127.0.0.1:4002/as/todo0',
  resource: 'https://api.example/mcp',
}
const parse = (fields: Readonly<Record<string, string>>) =>
  parseOwn(new URLSearchParams({ ...GOOD, ...fields }))

const keys: Record<'jwk' | 'pem', string> = { jwk: '', pem: '' }
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  keys.jwk = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'k1' })
  keys.pem = await exportPKCS8(privateKey)
})

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['an issuer that is not a URL', { idp: 'okta' }, ['idp']],
  ['http to another machine', { as: 'http://as.example' }, ['as']],
  ['an issuer with a query', { as: 'https://as.example?x=1' }, ['as']],
  ['no client id', { idp_client_id: ' ' }, ['idp_client_id']],
  ['a secret and a key', { as_secret: 's', as_key: '{}' }, ['as_key']],
  ['an invalid key', { idp_secret: '', idp_key: '{"kty":"EC"}' }, ['idp_key']],
  ['a resource that is not a URI', { resource: 'todos' }, ['resource']],
  ['a call that would send a token over plain http', { call: 'http://api.example/' }, ['call']],
  [
    'a token endpoint that must not receive a secret',
    { as_token_endpoint: 'http://as.example/t' },
    ['as_token_endpoint'],
  ],
  ['everything at once', { idp: '', as: '', idp_client_id: '' }, ['idp', 'idp_client_id', 'as']],
])('rejects %s', (_, fields, wrong) => {
  const parsed = parse(fields)
  expect('problems' in parsed && parsed.problems.map(({ field }) => field)).toEqual(wrong)
})

it('accepts secrets and keys, and hides them in the result', async () => {
  for (const key of Object.values(keys)) {
    const parsed = parse({ as_client_id: 'there', as_key: key, scope: ' a b ' })
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
    const { settings } = parsed
    expect([settings.idp.auth.kind, settings.as.auth.kind]).toEqual(['secret', 'private_key_jwt'])
    expect(settings).toMatchObject({ as: { clientId: 'there' }, scope: 'a b', call: GOOD.resource })
    expect(JSON.stringify(settings)).not.toMatch(/at the idp|PRIVATE KEY|"d"/)
  }
})

test.each<[string, Readonly<Record<string, string>>, true | undefined]>([
  ['as the server needs it by default', {}, undefined],
  ['at redemption too if chosen', { as_send_scope: 'yes' }, true],
])('sends the scope %s', (_, fields, sendScope) => {
  const parsed = parse(fields)
  expect('settings' in parsed ? parsed.settings.as.sendScope : parsed).toBe(sendScope)
})

test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
  ['the resource unless given', {}, GOOD.resource],
  ['the given URL', { call: 'https://api.example/todos?open=1' }, 'https://api.example/todos?open=1'],
  ['nothing if disabled', { no_call: 'yes' }, undefined],
  ['nothing if the resource is not a URL', { resource: 'urn:acme:todo0' }, undefined],
])('calls %s', (_, fields, call) => {
  const parsed = parse(fields)
  expect('settings' in parsed && parsed.settings.call).toBe(call)
})

it('limits the faults per day and host, but not on this machine', () => {
  const allowance = createFaultAllowance(2)
  const day = 86_400_000
  expect([0, 1, 2].map((ms) => allowance.take(['a', 'b'], ms))).toEqual([undefined, undefined, 'a'])
  expect(allowance.take(['c'], 3)).toBeUndefined()
  expect([3, 4, 5].map((ms) => allowance.take([], ms))).toEqual([undefined, undefined, undefined])
  expect(allowance.take(['a'], day)).toBeUndefined()
  expect(allowance.take(['a'], day)).toBe('a')
})

test('checks an endpoint in time that grows linearly with its length', () => {
  const startedAt = performance.now()
  expect(parse({ idp_token_endpoint: `http://idp.example/${'#'.repeat(60_000)}\n#` })).toMatchObject({
    problems: [{ field: 'idp_token_endpoint' }],
  })
  expect(performance.now() - startedAt).toBeLessThan(500)
})
