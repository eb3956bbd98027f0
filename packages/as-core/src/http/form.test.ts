import { describe, expect, it } from 'vitest'

import { MAX_BODY_BYTES, MAX_PARAMETERS, readForm } from './form.ts'

const send = (headers: Readonly<Record<string, string>>, body = 'a=b') =>
  readForm(
    new Request('https://as.example/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    }),
  )

describe('body encoding', () => {
  it.each(['identity', 'Identity'])('%s counts as no encoding (RFC 9110 section 8.4.1)', async (encoding) => {
    const form = await send({ 'content-encoding': encoding })
    expect(form.accepted && form.value.get('a')).toBe('b')
  })

  it.each(['gzip', 'identity, gzip'])('%s is refused', async (encoding) => {
    const description = 'The body must have no content encoding.'
    const problem = { http: 415, detail: `content encoding ${encoding}`, description }
    expect(await send({ 'content-encoding': encoding })).toEqual({ accepted: false, refusal: problem })
  })
})

describe('the length of the body', () => {
  it.each<[string, Readonly<Record<string, string>>, number, boolean]>([
    ['of 64 KiB', {}, MAX_BODY_BYTES, true],
    ['over 64 KiB', {}, MAX_BODY_BYTES + 1, false],
    ['of 64 KiB as declared', { 'content-length': `${MAX_BODY_BYTES}` }, MAX_BODY_BYTES, true],
    ['over 64 KiB although it declares less', { 'content-length': '3' }, MAX_BODY_BYTES + 1, false],
    ['that declares over 64 KiB, before it is read', { 'content-length': `${MAX_BODY_BYTES + 1}` }, 3, false],
  ])('a body %s', async (_, headers, length, accepted) => {
    const form = await send(headers, 'a'.repeat(length))
    const description = 'The body must have at most 65536 bytes.'
    const problem = { http: 413, detail: `body over ${MAX_BODY_BYTES} bytes`, description }
    expect(form.accepted || form.refusal).toEqual(accepted || problem)
  })
})

describe('the number of parameters', () => {
  const list = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=`).join('&')

  it.each([
    [MAX_PARAMETERS, true],
    [MAX_PARAMETERS + 1, false],
  ])('%i: %s', async (count, accepted) => {
    expect((await send({}, list(count))).accepted).toBe(accepted)
  })

  it('is refused before the parameters are read', async () => {
    const description = 'The body must have at most 500 parameters.'
    const problem = { http: 400, detail: `over ${MAX_PARAMETERS} parameters`, description }
    expect(await send({}, '&'.repeat(60_000))).toEqual({ accepted: false, refusal: problem })
  })
})

it.each([
  ['a=1&a=2', ['a']],
  ['a=&a=', ['a']],
  ['a=1&b=2&A=3', []],
])('names that %s sends more than once: %j (RFC 6749 section 3.1)', async (body, repeated) => {
  const form = await send({}, body)
  expect(form.accepted && form.value.repeated).toEqual(repeated)
})
