// Each network check: what it finds, and the nearest evidence that it lets pass.
import { DAY_MS } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { runChecks } from './finding.ts'
import { findNetworkProblem, NETWORK_CHECKS, type NetworkEvidence } from './network-checks.ts'

const NOW = Date.UTC(2027, 0, 1)
const URL_OF_IDP = 'https://idp.example/.well-known/openid-configuration'

const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  ...{ request: { method: 'GET', url: URL_OF_IDP }, status: 200, headers: {}, cookies: [], text: '', ms: 1 },
  ...change,
})
const failed = (reason: string, detail?: string): Exchange => {
  const { status: _, ...rest } = exchange()
  return {
    ...rest,
    problem: { reason, ...(detail === undefined ? {} : { detail }) } as Exchange['problem'] & {},
  }
}
const failedAt = (url: string, reason: string, detail?: string): Exchange => ({
  ...failed(reason, detail),
  request: { method: 'GET', url },
})
const at = (seconds: number, more: Partial<Exchange> = {}) =>
  exchange({
    receivedAtMs: NOW,
    ...more,
    headers: { date: new Date(NOW + 1000 * seconds).toUTCString(), ...more.headers },
  })
const ending = (ms: number) => exchange({ certificateEndsMs: NOW + ms })

/** @returns what is not a pass, in the notation of the summary: `N02 fail` */
const find = (exchanges: readonly Exchange[], change: Partial<NetworkEvidence> = {}) =>
  runChecks(NETWORK_CHECKS, { url: URL_OF_IDP, exchanges, nowMs: NOW, ...change }, { subject: URL_OF_IDP })
    .filter(({ result }) => result !== 'pass' && result !== 'skipped')
    .map(({ id, result, what = '' }) => `${id} ${result}: ${what}`)

it.each<[string, readonly Exchange[], readonly string[]]>([
  ['a response', [exchange()], []],
  [
    'http elsewhere',
    [failed('scheme-refused')],
    [`N03 fail: ${URL_OF_IDP} is neither https nor http to a loopback host`],
  ],
  [
    'keys over http elsewhere',
    [exchange(), failedAt('http://keys.example/jwks', 'scheme-refused')],
    ['N03 fail: http://keys.example/jwks is neither https nor http to a loopback host'],
  ],
  [
    'a path instead of the URL of the keys',
    [exchange(), failedAt('/jwks', 'not-a-url')],
    ['N03 fail: /jwks is not a URL'],
  ],
  ['no URL', [failed('not-a-url')], [`N03 fail: ${URL_OF_IDP} is not a URL`]],
  [
    'a port of another protocol',
    [failedAt('https://keys.example:587/jwks', 'port-refused')],
    ['N03 fail: Crosswalk does not connect to port 587'],
  ],
  [
    'a private address',
    [failed('address-refused')],
    ['N01 fail: idp.example has an address that is not public'],
  ],
  [
    'an unknown name',
    [failed('unreachable', 'ENOTFOUND')],
    ['N01 fail: There is no address for idp.example'],
  ],
  ['no DNS server', [failed('unreachable', 'EAI_AGAIN')], ['N01 fail: There is no address for idp.example']],
  [
    'a name that no DNS server knows, at the second request',
    [exchange(), failedAt('https://keys.example/jwks', 'unreachable', 'ENOTFOUND')],
    ['N01 fail: There is no address for keys.example'],
  ],
  [
    'a refused connection',
    [failed('unreachable', 'ECONNREFUSED')],
    ['N02 fail: idp.example cannot be reached'],
  ],
  ['silence', [failed('timeout')], ['N02 fail: idp.example does not respond in time']],
  ['plain HTTP', [failed('unreachable', 'EPROTO')], ['N02 fail: No TLS at idp.example']],
  [
    'an alert of TLS',
    [failed('unreachable', 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE')],
    ['N02 fail: idp.example refuses the TLS connection'],
  ],
  [
    'a certificate for clients',
    [failed('unreachable', 'INVALID_PURPOSE')],
    ['N02 fail: The certificate of idp.example is invalid'],
  ],
  [
    'a certificate that is not valid yet',
    [failed('unreachable', 'CERT_NOT_YET_VALID')],
    ['N02 fail: The certificate of idp.example is invalid'],
  ],
  [
    'a connection that is closed',
    [failed('unreachable', 'UND_ERR_SOCKET')],
    ['N02 fail: idp.example closed the connection without a response'],
  ],
  [
    'another protocol',
    [failed('unreachable', 'HTTPParserError')],
    ['N02 fail: idp.example does not respond with HTTP'],
  ],
  [
    'a failure of the DNS server',
    [failed('unreachable', 'EAI_FAIL')],
    ['N01 fail: There is no address for idp.example'],
  ],
  [
    'an unknown authority',
    [failed('unreachable', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
    ['N02 fail: The certificate of idp.example is invalid'],
  ],
  ['a certificate for 14 days', [ending(14 * DAY_MS)], []],
  [
    'a certificate for less than 14 days',
    [ending(14 * DAY_MS - 1)],
    ['N02 warn: The certificate of idp.example expires in 13 days'],
  ],
  [
    'a certificate for a day',
    [ending(DAY_MS)],
    ['N02 warn: The certificate of idp.example expires in 1 day'],
  ],
  [
    'a certificate for less than a day',
    [ending(DAY_MS - 1)],
    ['N02 warn: The certificate of idp.example expires in less than a day'],
  ],
  [
    'a certificate for less than 14 days, at the keys',
    [
      ending(90 * DAY_MS),
      { ...ending(13 * DAY_MS), request: { method: 'GET', url: 'https://keys.example/jwks' } },
    ],
    ['N02 warn: The certificate of keys.example expires in 13 days'],
  ],
  ['a status below the redirects', [exchange({ status: 299 })], []],
  ['the first redirect', [exchange({ status: 300 })], ['N04 fail: The server redirects']],
  ['the last redirect', [exchange(), exchange({ status: 399 })], ['N04 fail: The server redirects']],
  ['a status above the redirects', [exchange({ status: 400 })], []],
  ['a clock 30 s behind', [at(-30)], []],
  ['a clock 30 s ahead', [at(30)], []],
  ['a clock 31 s behind', [at(-31)], ['E01 fail: The clock here is 31 s ahead']],
  ['a clock 31 s ahead', [at(31)], ['E01 fail: The clock here is 31 s behind']],
  ['an invalid date', [at(0, { headers: { date: 'soon' } })], []],
  ['a response that came 31 s before the others', [at(-31, { receivedAtMs: NOW - 31_000 })], []],
  ['a response from a cache, an hour old', [at(-3600, { headers: { age: '3600' } })], []],
  [
    'a response from a cache, of a clock behind',
    [at(-3631, { headers: { age: '3600' } })],
    ['E01 fail: The clock here is 31 s ahead'],
  ],
  ['an invalid age', [at(0, { headers: { age: 'old' } })], []],
])('network: %s', (_, exchanges, told) => {
  expect(find(exchanges)).toEqual(told)
})

it.each([
  ['CERT_HAS_EXPIRED', 'Renew it.'],
  ['CERT_NOT_YET_VALID', expect.stringMatching(/^Check the clock here/)],
  ['INVALID_PURPOSE', expect.stringMatching(/extended key usage serverAuth/)],
  ['INVALID_CA', 'Correct its certificate chain.'],
  ['PATH_LENGTH_EXCEEDED', 'Correct its certificate chain.'],
  ['HOSTNAME_MISMATCH', expect.stringMatching(/^Use a host name/)],
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', expect.stringMatching(/client certificate/)],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', expect.stringMatching(/other versions/)],
  ['UND_ERR_SOCKET', expect.stringMatching(/client certificate/)],
  ['ECONNRESET', expect.stringMatching(/client certificate/)],
  ['HTTPParserError', expect.stringMatching(/^Check the port/)],
  ['HPE_INVALID_CONSTANT', expect.stringMatching(/^Check the port/)],
  ['ECONNREFUSED', expect.stringMatching(/^Check that the server runs/)],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'Use a host name that the certificate covers, or have it cover this one.'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', expect.stringMatching(/^Check the port/)],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', expect.stringMatching(/NODE_EXTRA_CA_CERTS/)],
  ['SELF_SIGNED_CERT_IN_CHAIN', expect.stringMatching(/NODE_EXTRA_CA_CERTS/)],
  ['CERT_REVOKED', 'Correct its certificate chain.'],
])('network: the remedy for %s', (detail, fix) => {
  expect(findNetworkProblem(failed('unreachable', detail))).toMatchObject({ fix })
  expect(findNetworkProblem(exchange())).toBeUndefined()
})

it.each<[string, Exchange, readonly string[]]>([
  ['a host that is not reached', failed('timeout'), ['E03 warn']],
  ['a host that is reached', exchange(), []],
  ['a refused address', failed('address-refused'), []],
  ['an invalid certificate', failed('unreachable', 'CERT_HAS_EXPIRED'), []],
])('a proxy is named only if it may help: %s', (_, one, told) => {
  const ids = (change: Partial<NetworkEvidence>) =>
    find([one], change).flatMap((line) => (line.startsWith('E03') ? [line.slice(0, 8)] : []))
  expect(ids({ proxyVariable: 'HTTPS_PROXY' })).toEqual(told)
  expect(ids({})).toEqual([])
})
