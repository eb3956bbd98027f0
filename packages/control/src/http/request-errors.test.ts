import { zApprovalRule, zResourceApp, zReviewSchedule } from '@crosswalk/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { readBySchema } from './request-errors.ts'

const zLists = z.object({ lists: z.array(z.array(z.string())) })

test('reports the first hundred mistakes', () => {
  const read = readBySchema(zLists, { lists: [Array.from({ length: 101 }, () => null)] })
  expect('errors' in read && read.errors).toHaveLength(100)
})

test('rejects more mistakes than the library can collect', () => {
  const read = readBySchema(zLists, { lists: [Array.from({ length: 200_000 }, () => null)] })
  expect(read).toEqual({ errors: [{ path: '', problem: 'The body has too many mistakes.' }] })
})

const RULE = { id: 'r', effect: 'approve', when: { minRisk: 2, maxRisk: 1, maxDays: 7 } }
const SCHEDULE = {
  ...{ id: 's', name: 'Reviews', firstAt: '2027-01-31T00:00:00Z', whenDue: 'wait' },
  ...{ everyDays: 7, daysToDecide: 7 },
}
const RESOURCE_APP = { id: 'a', name: 'A', issuer: 'https://as.test' }

test.each([
  [zApprovalRule, RULE, '/when/minRisk', 'must be at most maxRisk, or the rule matches no request'],
  [
    zReviewSchedule,
    SCHEDULE,
    '/daysToDecide',
    'must be fewer days than everyDays, so that a review is due before the next opens',
  ],
  [
    zResourceApp,
    { ...RESOURCE_APP, securityEvents: {} },
    '/securityEvents',
    'needs endpoint, receiver or both',
  ],
  [
    zResourceApp,
    { ...RESOURCE_APP, subId: { format: 'saml-nameid', issuer: 'urn:idp' } },
    '/subId/nameid',
    'is missing',
  ],
  [
    zResourceApp,
    { ...RESOURCE_APP, subject: 'email' },
    '/subject',
    'must be user.id, user.email, user.username, user.attributes.NAME or pairwise',
  ],
])('words conditions of definitions as sentences: %#', (schema, value, path, problem) => {
  expect(readBySchema<z.ZodType>(schema, value)).toEqual({ errors: [{ path, problem }] })
})
