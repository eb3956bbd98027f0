// Known answers of APIs to a token. Specific rows before general ones.
import type { KnownRow } from './known-answer.ts'

export const RESOURCE_ANSWERS: readonly KnownRow[] = [
  { vendor: 'any', error: 'insufficient_scope', code: 'XAA3004', confidence: 'certain' },
  {
    vendor: 'any',
    error: 'insufficient_user_authentication',
    code: 'XAA1801',
    confidence: 'certain',
  },
  { vendor: 'any', error: 'invalid_dpop_proof', code: 'XAA3010', confidence: 'certain' },
  { vendor: 'any', error: 'use_dpop_nonce', code: 'XAA3010', confidence: 'certain' },
  {
    vendor: 'any',
    error: 'invalid_token',
    description: /expired/i,
    code: 'XAA3003',
    confidence: 'probable',
  },
  {
    vendor: 'any',
    error: 'invalid_token',
    description: /audience/i,
    code: 'XAA3002',
    confidence: 'probable',
  },
  { vendor: 'any', error: 'invalid_token', code: 'XAA3008', confidence: 'possible' },
  { vendor: 'any', status: [401], code: 'XAA3001', confidence: 'possible' },
]
