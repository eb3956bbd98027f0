import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'

import { createDpopKey, Nonces } from './dpop.ts'

it('proves the request, without a query, and only what is known about it', async () => {
  const key = await createDpopKey(() => 1_800_000_000_999)
  const proof = await key.prove({ method: 'POST', url: 'https://as.test/token?a=b' })
  const claims = decodeJwt(proof)
  expect(claims).toEqual({
    jti: claims.jti,
    htm: 'POST',
    htu: 'https://as.test/token',
    iat: 1_800_000_000,
  })
  expect(decodeProtectedHeader(proof)).toMatchObject({ alg: 'ES256', typ: 'dpop+jwt' })
})

describe('nonces', () => {
  const answer = (nonce: string) => new Headers({ 'dpop-nonce': nonce })

  it.each([
    ['n', true],
    ['n'.repeat(1024), true],
    ['n'.repeat(1025), false],
    ['', false],
  ])('%#: one is kept: %s', (nonce, kept) => {
    const nonces = new Nonces()
    expect(nonces.remember('a', answer(nonce))).toBe(kept)
    expect(nonces.find('a')).toBe(kept ? nonce : undefined)
    expect(nonces.remember('a', new Headers())).toBe(false)
    expect(nonces.find('b')).toBeUndefined()
  })

  it('are kept for the last thousand servers that sent one', () => {
    const nonces = new Nonces()
    for (let at = 0; at < 1000; at += 1) nonces.remember(`s${at}`, answer('n'))
    nonces.remember('s0', answer('again'))
    nonces.remember('s1000', answer('n'))
    expect([nonces.find('s0'), nonces.find('s1'), nonces.find('s2')]).toEqual(['again', undefined, 'n'])
  })
})
