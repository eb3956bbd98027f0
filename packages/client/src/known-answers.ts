// Known answers of token endpoints and resources, mapped to our codes. The first matching row decides, so specific rows
// come before general ones.
import type { KnownAnswer } from './known-answer.ts'
import { EXCHANGE_ANSWERS } from './known-exchange-answers.ts'
import { REDEMPTION_ANSWERS } from './known-redemption-answers.ts'
import { RESOURCE_ANSWERS } from './known-resource-answers.ts'

export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  { leg: 'any', vendor: 'any', status: [429], code: 'XAA1904', confidence: 'probable' },
  { leg: 'any', vendor: 'any', status: [500, 502, 503, 504], code: 'XAA5007', confidence: 'certain' },
  ...EXCHANGE_ANSWERS.map((row) => ({ leg: 'exchange' as const, ...row })),
  ...REDEMPTION_ANSWERS.map((row) => ({ leg: 'redemption' as const, ...row })),
  ...RESOURCE_ANSWERS.map((row) => ({ leg: 'resource' as const, ...row })),
]
