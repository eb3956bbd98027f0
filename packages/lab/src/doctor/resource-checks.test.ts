import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import type { ResourceEvidence } from './evidence.ts'
import { runChecks } from './finding.ts'
import { RESOURCE_CHECKS } from './resource-checks.ts'

const RESOURCE = 'https://todo.example/mcp'
const AS = 'https://as.example'
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

it.each<[string, string, Partial<ResourceEvidence>, string]>([
  ['P03', 'no server listed', { metadata: { authorization_servers: [] } }, 'fail'],
  ['P03', 'one server listed', {}, 'pass'],
  [
    'P03',
    'two servers listed',
    { metadata: { authorization_servers: [AS, 'https://other.example'] } },
    'warn',
  ],
  [
    'P03',
    'two servers listed, one of them expected',
    { metadata: { authorization_servers: ['https://other.example', AS] }, expectedIssuer: AS },
    'pass',
  ],
  ['P03', 'another server expected', { expectedIssuer: 'https://other.example' }, 'fail'],
  ['P04', 'scopes, some of them unknown to the server', { knownScopes: ['read'] }, 'warn'],
  ['P04', 'scopes that the server knows', { knownScopes: ['read', 'write', 'more'] }, 'pass'],
  ['P04', 'no scopes', { metadata: { scopes_supported: undefined } }, 'warn'],
  ['P05', 'no open tools', {}, 'pass'],
  ['P05', 'open tools', { openTools: ['list_todos'] }, 'warn'],
])('%s: %s', (id, _, change, result) => {
  const metadata = {
    ...{ resource: RESOURCE, scopes_supported: ['read', 'write'], authorization_servers: [AS] },
    ...change.metadata,
  }
  const challenge = answer(RESOURCE, 401)
  const evidence = { resource: RESOURCE, challenge, announced: METADATA, tried: [], ...change, metadata }
  const findings = runChecks(RESOURCE_CHECKS, evidence, { subject: RESOURCE })
  expect(findings.find((one) => one.id === id)?.result).toBe(result)
})
