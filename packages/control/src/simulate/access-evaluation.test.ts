// An AuthZEN evaluation names a resource only: the server that it belongs to must be certain.
import { expect, it } from 'vitest'

import { createEvaluationHandler } from './access-evaluation.ts'

const API = 'https://api.test'

it('asks for the audience if several servers have the resource', async () => {
  const resourceApps = new Map(
    ['one', 'two'].map((id) => [id, { issuer: `https://${id}.test`, resources: [{ id: API }] }]),
  )
  const parts = { directory: { current: () => ({ exchange: { resourceApps } }) } }
  const evaluate = createEvaluationHandler(parts as unknown as Parameters<typeof createEvaluationHandler>[0])
  const body = {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'resource', id: API },
    context: { app: 'agent0' },
  } as const
  const answer = await evaluate(
    { body } as Parameters<typeof evaluate>[0],
    {} as Parameters<typeof evaluate>[1],
  )
  expect(answer).toMatchObject({
    problem: {
      status: 400,
      errors: [
        {
          path: '/context/audience',
          problem: 'is needed: https://one.test and https://two.test both have this resource',
        },
      ],
    },
  })
})
