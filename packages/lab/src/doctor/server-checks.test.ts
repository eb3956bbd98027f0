import { ID_JAG_PROFILE } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { DOCTOR_CHECKS } from './checks.ts'
import type { ServerEvidence } from './evidence.ts'
import type { OversightEvidence } from './oversight-checks.ts'
import { judgeKeys, judgeMetadata, SHARED_CHECKS } from './server-checks.ts'

const answer = (status: number): Exchange => ({
  request: { method: 'GET', url: 'https://idp.example/.well-known/openid-configuration' },
  status,
  headers: {},
  cookies: [],
  text: '',
  ms: 1,
})

it.each([
  ['a server that publishes none', [404, 404], /^Check the issuer for a typo/],
  ['a server at fault', [503, 500], /^Retry: .*starting, overloaded or at fault/],
  ['a server with a fault at one address', [404, 503], /^Check the issuer for a typo/],
])('metadata of %s', (_, statuses, fix) => {
  const tried = statuses.map(answer)
  const verdict = judgeMetadata({ role: 'idp', issuer: 'https://idp.example', tried, nowMs: 0 })
  expect(verdict).toMatchObject({ fix: expect.stringMatching(fix) })
})

it.each([
  [[ID_JAG_PROFILE], /^This server redeems ID-JAGs: pass it as --as/],
  [[], /^Enable token exchange/],
])('M03: a server without token exchange, with the profiles %j', (profiles, fix) => {
  const check = DOCTOR_CHECKS.idp.find(({ id }) => id === 'M03')
  const metadata = { authorization_grant_profiles_supported: profiles }
  const evidence = { role: 'idp', issuer: 'https://idp.example', tried: [], nowMs: 0, metadata } as const
  expect(check?.judge(evidence)).toMatchObject({ result: 'found', fix: expect.stringMatching(fix) })
})

it.each([
  [86_400, { result: 'pass' }],
  [86_401, { result: 'found', what: 'Clients may cache the keys for 86401 seconds' }],
])('keys that clients may cache for %i seconds', (seconds, verdict) => {
  const keys = { ...answer(200), headers: { 'cache-control': `max-age=${seconds}` } }
  const check = SHARED_CHECKS.find(({ id }) => id === 'M07')
  const evidence = { role: 'idp', issuer: 'https://idp.example', tried: [], nowMs: 0, keys } as const
  expect(check?.judge(evidence)).toMatchObject(verdict)
})

const EC = { kty: 'EC', kid: 'a', x: 'x', y: 'y' }

it.each<[string, readonly object[], object]>([
  ['one key', [EC], { result: 'pass', saw: '1' }],
  ['one key without a kid', [{ ...EC, kid: undefined }], { result: 'pass' }],
  ['two keys', [EC, { ...EC, kid: 'b' }], { result: 'pass', saw: '2' }],
  ['two keys with one kid', [EC, EC], { what: 'Several keys have the same kid, or none' }],
  [
    'keys that do not sign',
    [{ ...EC, use: 'enc' }],
    { what: 'There is no public signing key', saw: 'keys: 1' },
  ],
  ['a key for signatures', [{ ...EC, use: 'sig' }], { result: 'pass' }],
  ['a private signing key', [{ ...EC, d: 'd' }], { what: 'Key a is published with private parts' }],
  [
    'a private key that does not sign',
    [EC, { ...EC, kid: 'b', use: 'enc', d: 'd' }],
    { what: 'Key b is published with private parts' },
  ],
  [
    'a shared secret',
    [EC, { kty: 'oct', kid: 's', k: 'k' }],
    { what: 'Key s is published with private parts' },
  ],
])('published keys: %s', (_, keys, verdict) => {
  expect(judgeKeys({ ...answer(200), json: { keys } })).toMatchObject(verdict)
})

/** Every member of a document is a value without text: `String()` of it throws. */
const HOSTILE = { toString: 1, valueOf: 1 }
it.each(['idp', 'as', 'upstream'] as const)(
  '%s: every check judges metadata and keys of any form',
  (role) => {
    for (const value of [HOSTILE, [HOSTILE], null, [[]], 7]) {
      const metadata = new Proxy(
        {},
        { get: () => value, has: () => true, getOwnPropertyDescriptor: () => undefined },
      )
      for (const keys of [
        value,
        [value],
        [{ kty: value, kid: value, use: value, alg: value, d: value }],
        [{ ...EC, kid: value }, EC],
      ]) {
        const evidence = {
          ...{
            role: 'as',
            issuer: 'https://as.example',
            otherIssuer: 'https://idp.example',
            otherKids: ['a'],
          },
          ...{ tried: [answer(200)], found: answer(200), nowMs: 0, metadata },
          keys: { ...answer(200), json: { keys } },
        } as unknown as ServerEvidence
        for (const { id, judge } of DOCTOR_CHECKS[role])
          expect(() => judge(evidence as never), id).not.toThrow()
      }
    }
  },
)

it.each([
  ['https://as.example', 'http://127.0.0.1:4000', { result: 'found', saw: 'http://127.0.0.1:4000' }],
  ['https://as.example', 'http://localhost:4000', { result: 'found' }],
  ['https://as.example', 'https://idp.example', { result: 'pass' }],
  ['http://127.0.0.1:4001', 'http://127.0.0.1:4000', { result: 'not_applicable' }],
  ['https://as.example', undefined, { result: 'not_applicable' }],
])('N06: %s and the keys of %s', (issuer, otherIssuer, verdict) => {
  const check = DOCTOR_CHECKS.as.find(({ id }) => id === 'N06')
  const other = otherIssuer === undefined ? {} : { otherIssuer }
  expect(check?.judge({ role: 'as', issuer, tried: [], nowMs: 0, ...other })).toMatchObject(verdict)
})

it.each([
  [[], [], { result: 'pass' }],
  [['GET /new'], [], { what: 'The server is older than this command line', saw: 'only here: GET /new' }],
  [['GET /new'], ['GET /old'], { what: 'The server is older than this command line' }],
  [[], ['GET /new'], { what: 'The server is newer than this command line', saw: 'only there: GET /new' }],
])('E05: operations missing there: %j, unknown here: %j', (missing, unknown, verdict) => {
  const check = DOCTOR_CHECKS.oversight.find(({ id }) => id === 'E05')
  expect(check?.judge({ api: { missing, unknown } } as unknown as OversightEvidence)).toMatchObject(verdict)
})
