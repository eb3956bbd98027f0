import { expect, it } from 'vitest'

import { createFindClientAddress } from './client-address.ts'
import { watchForUndeclaredProxy } from './undeclared-proxy.ts'

const PROXY = '10.0.0.5'
const NOW = 1_780_000_000_000

function watch({ declared = false, readsAddress = true } = {}) {
  const log: string[] = []
  const watched = watchForUndeclaredProxy({
    findClientAddress: createFindClientAddress(declared ? [PROXY] : []),
    declared,
    readsAddress: () => readsAddress,
    clock: { nowMs: () => NOW },
    log: (line) => log.push(line),
  })
  return { ...watched, log }
}

it.each([['x-forwarded-for'], ['forwarded']])(
  'a proxy that no one declared is told once, at its first %s, with what to do',
  (header) => {
    const { findClientAddress, since, log } = watch()
    expect(findClientAddress(PROXY, new Headers())).toBe(PROXY)
    expect([since(), log]).toEqual([undefined, []])
    for (let request = 0; request < 3; request += 1)
      expect(findClientAddress(PROXY, new Headers({ [header]: 'for=203.0.113.9' }))).toBe(PROXY)
    expect(since()).toBe(NOW)
    expect(log).toHaveLength(1)
    expect(log[0]).toContain(`a request from ${PROXY} carried ${header}`)
    expect(log[0]).toContain('fix: list the addresses of your reverse proxies under listen.trustedProxies')
  },
)

it.each([
  ['one is declared', { declared: true }],
  ['no policy looks at addresses', { readsAddress: false }],
])('nothing is said where %s', (_, parts) => {
  const { findClientAddress, since, log } = watch(parts)
  findClientAddress(PROXY, new Headers({ 'x-forwarded-for': '203.0.113.9' }))
  expect([since(), log]).toEqual([undefined, []])
})
