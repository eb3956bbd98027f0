import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { runChecks } from './finding.ts'
import { RESOURCE_CHECKS } from './resource-checks.ts'

const RESOURCE = 'https://todo.example/mcp'
const METADATA = 'https://todo.example/.well-known/oauth-protected-resource/mcp'
const answer = (url: string, status: number, headers = {}): Exchange => ({
  request: { method: 'GET', url },
  status,
  headers,
  cookies: [],
  text: '',
  ms: 1,
})

it.each([
  [200, {}, 'It responds with success without a token'],
  [401, {}, 'The 401 does not name the metadata'],
  [404, {}, 'There is nothing at this address'],
  [500, {}, 'It responds with 500 to a request without a token'],
])('a request without a token that gets %i', (status, headers, what) => {
  const challenge = answer(RESOURCE, status, headers)
  const evidence = { resource: RESOURCE, challenge, tried: [answer(METADATA, 404)] }
  const findings = runChecks(RESOURCE_CHECKS, evidence, { subject: RESOURCE })
  expect(findings).toContainEqual(expect.objectContaining({ id: 'P01', result: 'warn', what }))
})
