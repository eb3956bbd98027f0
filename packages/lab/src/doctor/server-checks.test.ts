import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { judgeMetadata, SHARED_CHECKS } from './server-checks.ts'

const answer = (status: number): Exchange => ({
  request: { method: 'GET', url: 'https://idp.example/.well-known/openid-configuration' },
  status,
  headers: {},
  cookies: [],
  text: '',
  ms: 1,
})

it.each([
  ['a server that publishes none', [404, 404], /^Serve the metadata/],
  ['a server at fault', [503, 500], /^Retry: .*starting, overloaded or at fault/],
  ['a server with a fault at one address', [404, 503], /^Serve the metadata/],
])('metadata of %s', (_, statuses, fix) => {
  const tried = statuses.map(answer)
  const verdict = judgeMetadata({ role: 'idp', issuer: 'https://idp.example', tried, nowMs: 0 })
  expect(verdict).toMatchObject({ fix: expect.stringMatching(fix) })
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
