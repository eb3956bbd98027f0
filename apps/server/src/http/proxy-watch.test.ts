import { expect, it } from 'vitest'

import { createFindClientAddress } from './client-address.ts'
import { watchProxies } from './proxy-watch.ts'

const PROXY = '10.0.0.5'
const OTHER_PROXY = '10.0.0.6'
const CLIENT = '203.0.113.9'
const NOW = 1_780_000_000_000
const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }

function watch({ declared = false, readsAddress = true } = {}) {
  const log: string[] = []
  const { trouble, findClientAddress } = watchProxies({
    findClientAddress: createFindClientAddress(declared ? [PROXY, OTHER_PROXY] : []),
    declared,
    readsAddress: () => readsAddress,
    clock: { nowMs: () => NOW },
    log: (line) => log.push(line),
  })
  const ask = (peer: string | undefined, headers: Record<string, string> = {}) =>
    findClientAddress(peer, new Headers(headers))
  return { trouble, ask, log }
}

it.each([['x-forwarded-for'], ['forwarded']])(
  'an undeclared proxy is logged once, at its first %s, with a fix',
  (header) => {
    const { ask, trouble, log } = watch()
    expect(ask(PROXY, FORM)).toBe(PROXY)
    expect([trouble(), log]).toEqual([undefined, []])
    for (let request = 0; request < 3; request += 1)
      expect(ask(PROXY, { [header]: `for=${CLIENT}` })).toBe(PROXY)
    expect(trouble()).toEqual({ kind: 'undeclared', sinceMs: NOW })
    expect(log).toHaveLength(1)
    expect(log[0]).toContain(`a request from ${PROXY} carried ${header}`)
    expect(log[0]).toContain('fix: list the addresses of your reverse proxies under listen.trustedProxies')
  },
)

it.each([
  ['a proxy is declared and names the client', { declared: true }],
  ['no policy uses addresses', { readsAddress: false }],
])('nothing is logged if %s', (_, parts) => {
  const { ask, trouble, log } = watch(parts)
  ask(PROXY, { ...FORM, 'x-forwarded-for': CLIENT })
  expect([trouble(), log]).toEqual([undefined, []])
})

it.each([[true], [false]])(
  'a declared proxy that names no client is logged once with a fix, with policies on addresses: %s',
  (readsAddress) => {
    const { ask, trouble, log } = watch({ declared: true, readsAddress })
    for (let request = 0; request < 3; request += 1) expect(ask(PROXY, FORM)).toBeUndefined()
    expect(trouble()).toEqual({ kind: 'silent', sinceMs: NOW })
    expect(log).toHaveLength(1)
    expect(log[0]).toContain(`a request from ${PROXY}, which listen.trustedProxies declares, carried neither`)
    expect(log[0]).toContain('fix: configure the proxy to set X-Forwarded-For')
  },
)

it('a declared proxy is no longer silent once it names a client, and is not logged again', () => {
  const { ask, trouble, log } = watch({ declared: true })
  ask(PROXY, FORM)
  expect(ask(OTHER_PROXY, { 'x-forwarded-for': CLIENT })).toBe(CLIENT)
  expect(ask(CLIENT, FORM)).toBe(CLIENT)
  expect(trouble()).toBeDefined()
  expect(ask(PROXY, { forwarded: `for=${CLIENT}` })).toBe(CLIENT)
  expect(trouble()).toBeUndefined()
  ask(OTHER_PROXY, FORM)
  expect(trouble()).toBeDefined()
  expect(log).toHaveLength(1)
})

it.each<[string, string | undefined, Record<string, string>]>([
  ['a health check of a proxy', PROXY, {}],
  ['a call of the admin API around the proxy', PROXY, { 'content-type': 'application/json' }],
  ['a request past the proxy', CLIENT, FORM],
  ['an unreadable header', PROXY, { ...FORM, 'x-forwarded-for': 'unknown' }],
  ['a peer without an address', undefined, FORM],
])('%s does not make a declared proxy silent', (_, peer, headers) => {
  const { ask, trouble, log } = watch({ declared: true })
  ask(peer, headers)
  expect([trouble(), log]).toEqual([undefined, []])
})
