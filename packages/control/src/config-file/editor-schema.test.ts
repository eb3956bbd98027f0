// The editor schema must never flag what the server accepts, and should flag what it rejects.
import { readFileSync } from 'node:fs'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { generatedFiles } from '../generated-files.ts'
import { isSecretKey } from './secrets.ts'

const schema = generatedFiles().find(({ path }) => path.endsWith('.schema.json'))?.content ?? ''
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema) as object)

const BASE = { baseUrl: 'http://127.0.0.1:4000' }

it('accepts the example with its variables', () => {
  const example = readFileSync(
    new URL('../../../../apps/server/crosswalk.example.yaml', import.meta.url),
    'utf8',
  )
  expect(validate(parse(example))).toBe(true)
})

it.each([
  ['the minimum', BASE, true],
  ['no base URL', {}, false],
  ['an unknown key', { ...BASE, basUrl: '' }, false],
  ['a number', { ...BASE, clockSkewSeconds: 60 }, true],
  ['a number as text', { ...BASE, clockSkewSeconds: '60' }, true],
  ['a number as variable', { ...BASE, clockSkewSeconds: '${SKEW:-30}' }, true],
  ['a number out of bounds', { ...BASE, clockSkewSeconds: 61 }, false],
  ['a word for a number', { ...BASE, clockSkewSeconds: 'sixty' }, false],
  ['a short admin token', { ...BASE, admin: { token: 'short' } }, false],
  ['an admin token as variable', { ...BASE, admin: { token: '${TOKEN}' } }, true],
  ['a boolean as variable', { ...BASE, idp: { users: [{ id: 'u', username: 'u', active: '${A}' }] } }, true],
  ['a word for a boolean', { ...BASE, idp: { users: [{ id: 'u', username: 'u', active: 'yes' }] } }, false],
  ['a choice as variable', { ...BASE, authorizationServers: [{ id: 'a', replay: '${REPLAY}' }] }, true],
  ['an unknown choice', { ...BASE, authorizationServers: [{ id: 'a', replay: 'twice' }] }, false],
])('%s', (_title, file, expected) => {
  expect(validate(file)).toBe(expected)
})

it('recommends a variable only for values that are masked', () => {
  const recommended = new Set<string>()
  JSON.parse(schema, (key, value: { readonly description?: unknown } | null) => {
    if (/ from a variable/.test(String(value?.description))) recommended.add(key)
    return value
  })
  expect(recommended.size).toBeGreaterThan(5)
  // Certificates are long, not secret.
  expect([...recommended].filter((key) => !isSecretKey(key))).toEqual(['certificates'])
})
