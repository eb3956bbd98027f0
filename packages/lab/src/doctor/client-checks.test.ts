import { describe, expect, test } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { CLIENT_CHECKS, type ClientEvidence } from './client-checks.ts'
import { runChecks } from './finding.ts'

const answer = (status: number, error: string): Exchange => ({
  request: { method: 'POST', url: 'https://idp.example/token' },
  headers: {},
  cookies: [],
  text: '',
  ms: 1,
  status,
  json: { error },
})
const base = {
  role: 'idp',
  issuer: 'https://idp.example',
  tokenEndpoint: 'https://idp.example/token',
  clientId: 'agent0',
  method: 'secret',
} as const

const judge = (evidence: Omit<ClientEvidence, keyof typeof base> & Partial<ClientEvidence>) =>
  runChecks(CLIENT_CHECKS, { ...base, ...evidence }, { subject: base.issuer })

describe('the responses of products to the app, and to a client that does not exist', () => {
  test.each<[string, Exchange, Exchange, string]>([
    ['it knows the app', answer(400, 'invalid_grant'), answer(401, 'invalid_client'), 'pass'],
    [
      'it knows the app, without this grant',
      answer(400, 'unauthorized_client'),
      answer(401, 'invalid_client'),
      'pass',
    ],
    [
      'another status for the same error',
      answer(400, 'unauthorized_client'),
      answer(401, 'unauthorized_client'),
      'pass',
    ],
    ['a wrong secret', answer(401, 'invalid_client'), answer(401, 'invalid_client'), 'fail'],
    [
      'a wrong secret, for Keycloak',
      answer(401, 'unauthorized_client'),
      answer(401, 'invalid_client'),
      'fail',
    ],
    [
      'an unknown app, for Entra ID',
      answer(400, 'unauthorized_client'),
      answer(400, 'unauthorized_client'),
      'fail',
    ],
    ['the grant before the client', answer(400, 'invalid_grant'), answer(400, 'invalid_grant'), 'info'],
    [
      'no such grant for any client',
      answer(400, 'unsupported_grant_type'),
      answer(400, 'unsupported_grant_type'),
      'info',
    ],
    [
      'any client refused for now',
      answer(401, 'invalid_client'),
      answer(503, 'temporarily_unavailable'),
      'info',
    ],
    ['too many requests', answer(429, 'slow_down'), answer(401, 'invalid_client'), 'info'],
    ['a fault of the server', answer(503, 'temporarily_unavailable'), answer(401, 'invalid_client'), 'info'],
  ])('%s', (_, ofApp, control, result) => {
    expect(judge({ answer: ofApp, control }).map((finding) => `${finding.id} ${finding.result}`)).toEqual([
      `C01 ${result}`,
    ])
  })
})

test('a method that the server does not offer is named', () => {
  const rejected = answer(401, 'invalid_client')
  const [finding] = judge({ answer: rejected, control: rejected, methods: ['private_key_jwt'] })
  expect(finding?.expected).toBe(
    'one of the methods private_key_jwt, and not client_secret_basic or client_secret_post',
  )
})
