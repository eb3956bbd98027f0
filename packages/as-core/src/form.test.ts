import { describe, expect, it } from 'vitest'

import { readForm } from './form.ts'

const send = (headers: Readonly<Record<string, string>>) =>
  readForm(
    new Request('https://as.example/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: 'a=b',
    }),
  )

describe('body encoding', () => {
  it.each(['identity', 'Identity'])('%s counts as no encoding (RFC 9110 section 8.4.1)', async (encoding) => {
    const form = await send({ 'content-encoding': encoding })
    expect(form.accepted && form.value.get('a')).toBe('b')
  })

  it.each(['gzip', 'identity, gzip'])('%s is refused', async (encoding) => {
    const problem = { http: 415, detail: `content encoding ${encoding}` }
    expect(await send({ 'content-encoding': encoding })).toEqual({ accepted: false, refusal: problem })
  })
})
