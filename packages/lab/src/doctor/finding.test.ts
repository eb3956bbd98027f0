import { findVendor } from '@crosswalk/protocol/vendors'
import { describe, expect, it, test } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { type DoctorCheck, found, notApplicable, pass, runChecks } from './finding.ts'
import { NETWORK_CHECKS } from './network-checks.ts'
import { HEALTH_CHECKS } from './oversight-checks.ts'
import { describeDifference } from './server-checks.ts'

const check = (
  id: string,
  verdict: ReturnType<typeof pass>,
  needs: readonly string[] = [],
): DoctorCheck<null> => ({
  id,
  title: id,
  severity: 'fail',
  why: 'why',
  needs,
  judge: () => verdict,
})
const problem = found({ what: 'what', saw: 'saw', fix: 'fix' })

describe('checks form a graph', () => {
  it('skips checks that depend on a failed one, directly or not, and names the root', () => {
    const checks = [
      check('A', problem),
      check('B', pass(), ['A']),
      check('C', problem, ['B']),
      check('D', pass()),
    ]
    expect(
      runChecks(checks, null, { subject: 's' }).map(({ id, result, because }) => [id, result, because]),
    ).toEqual([
      ['A', 'fail', undefined],
      ['B', 'skipped', 'A'],
      ['C', 'skipped', 'A'],
      ['D', 'pass', undefined],
    ])
  })

  it('continues after a warning, and omits what does not apply', () => {
    const warning = found({ what: 'what', saw: 'saw', fix: 'fix', severity: 'warn' })
    const checks = [check('A', warning), check('B', pass(), ['A']), check('C', notApplicable)]
    expect(runChecks(checks, null, { subject: 's' }).map(({ result }) => result)).toEqual(['warn', 'pass'])
  })

  it('uses a product-specific fix if the product is known', () => {
    const vendor = findVendor('https://acme.okta.com/oauth2/default')
    const findFix = (id: string) => vendor?.fixes[id]
    const [finding] = runChecks([check('M03', problem)], null, { subject: 's', findFix })
    expect(finding?.fix).toMatch(/org authorization server/)
    expect(findVendor('https://okta.com.example/')).toBeUndefined()
  })
})

const NOW = Date.parse('2026-03-02T10:00:00Z')
const exchange = (rest: Partial<Exchange>): Exchange => ({
  request: { method: 'GET', url: 'https://idp.example/x' },
  status: 200,
  headers: {},
  cookies: [],
  text: '',
  ms: 1,
  ...rest,
})
const at = (secondsFromNow: number) => ({
  receivedAtMs: NOW,
  headers: { date: new Date(NOW + secondsFromNow * 1000).toUTCString() },
})
const unreachable = (reason: 'unreachable' | 'timeout' | 'address-refused', detail = '') =>
  exchange({ status: 0, problem: { reason, detail } })
const days = (count: number) => ({ certificateEndsMs: NOW + count * 86_400_000 })

test.each<[string, Exchange, string]>([
  ['no problems', exchange({ ...at(0), ...days(90) }), ''],
  ['30 s behind', exchange(at(30)), ''],
  ['31 s behind', exchange(at(31)), 'E01 fail'],
  ['31 s ahead', exchange(at(-31)), 'E01 fail'],
  ['14 days left', exchange(days(14)), ''],
  ['13 days left', exchange(days(13)), 'N02 warn'],
  ['a redirect', exchange({ status: 302, headers: { location: 'https://other.example/' } }), 'N04 fail'],
  ['no such name', unreachable('unreachable', 'ENOTFOUND'), 'N01 fail'],
  ['a private address', unreachable('address-refused'), 'N01 fail'],
  ['no listener', unreachable('unreachable', 'ECONNREFUSED'), 'N02 fail'],
  ['no answer in time', unreachable('timeout', 'UND_ERR_CONNECT_TIMEOUT'), 'N02 fail'],
  ['another host on the certificate', unreachable('unreachable', 'ERR_TLS_CERT_ALTNAME_INVALID'), 'N02 fail'],
  ['no scheme', exchange({ status: 0, problem: { reason: 'not-a-url' } }), 'N03 fail'],
  ['plain http', exchange({ status: 0, problem: { reason: 'scheme-refused' } }), 'N03 fail'],
])('network: %s', (_, one, expected) => {
  const url = 'https://idp.example'
  const findings = runChecks(NETWORK_CHECKS, { url, exchanges: [one], nowMs: NOW }, { subject: url })
  const told = findings.filter(({ result }) => result !== 'pass' && result !== 'skipped')
  expect(told.map(({ id, result }) => `${id} ${result}`).join()).toBe(expected)
  for (const { what, saw, why, fix } of told) expect([what, saw, why, fix].every(Boolean)).toBe(true)
})

test.each([
  ['N01', 'ENOTFOUND'],
  ['N02', 'ECONNREFUSED'],
  ['N02', 'CERT_HAS_EXPIRED'],
])('network: %s names the host of the keys, if that one fails with %s', (failing, detail) => {
  const request = { method: 'GET', url: 'https://keys.example/' } as const
  const keys = { ...unreachable('unreachable', detail), request }
  const evidence = { url: 'https://idp.example', exchanges: [exchange({}), keys], nowMs: NOW }
  const finding = runChecks(NETWORK_CHECKS, evidence, { subject: evidence.url }).find(
    ({ id }) => id === failing,
  )
  expect(finding?.what).toContain('keys.example')
})

test.each([
  [unreachable('unreachable', 'SELF_SIGNED_CERT_IN_CHAIN'), 'NODE_EXTRA_CA_CERTS'],
  [unreachable('unreachable', 'ENOTFOUND'), 'spelling'],
  [exchange({ status: 404 }), 'npx crosswalk serve'],
])('a server that is not there has the fix of its cause', (health, fix) => {
  const [up] = runChecks(HEALTH_CHECKS, { health, ready: health }, { subject: 'https://idp.example' })
  expect(up).toMatchObject({ id: 'S01', result: 'fail', fix: expect.stringContaining(fix) })
})

test('a server of another kind is no Crosswalk whose database is down', () => {
  const health = exchange({ status: 200 })
  const judge = (ready: object) =>
    runChecks(HEALTH_CHECKS, { health, ready: exchange(ready) }, { subject: 'https://idp.example' })
      .filter(({ result }) => result === 'fail')
      .map(({ id, what }) => [id, what])
  expect(judge({ status: 404 })).toEqual([['S01', 'There is no Crosswalk here']])
  expect(judge({ status: 503 })).toEqual([['S02', 'The server is up but not ready']])
  expect(judge({ status: 200 })).toEqual([])
})

test.each([
  ['EPROTO', 'No TLS at idp.example'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'No TLS at idp.example'],
  ['CERT_HAS_EXPIRED', 'The certificate of idp.example is invalid'],
])('a connection that failed with %s is described as such', (code, what) => {
  const url = 'https://idp.example'
  const exchanges = [unreachable('unreachable', code)]
  const findings = runChecks(NETWORK_CHECKS, { url, exchanges, nowMs: NOW }, { subject: url })
  expect(findings.find(({ id }) => id === 'N02')?.what).toBe(what)
})

test.each([
  ['CERT_HAS_EXPIRED', 'Renew it.'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'covers'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'whole chain'],
  ['EPROTO', 'plain HTTP'],
  ['CERT_REVOKED', 'Correct its certificate chain.'],
])('a certificate with %s has its own fix', (code, fix) => {
  const url = 'https://idp.example'
  const exchanges = [unreachable('unreachable', code)]
  const findings = runChecks(NETWORK_CHECKS, { url, exchanges, nowMs: NOW }, { subject: url })
  expect(findings.find(({ id }) => id === 'N02')?.fix).toContain(fix)
})

test.each([
  ['https://a.example', 'https://a.example/', /slash/],
  ['https://a.example', 'https://A.example', /case/],
  ['https://a.example', 'https://a.example:443', /port/],
  ['https://a.example', 'https://b.example', /^$/],
])('the difference of %s and %s', (one, other, expected) => {
  expect(describeDifference(one, other)).toMatch(expected)
})
