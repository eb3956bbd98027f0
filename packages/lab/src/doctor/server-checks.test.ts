import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { judgeMetadata } from './server-checks.ts'

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
