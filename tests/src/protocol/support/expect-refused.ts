// A refusal is only shown by its cause: the wire may say the same for many, the decision record may not.
import { expect } from 'vitest'

import type { Answer } from '../../support/flow.ts'
import type { World } from './world.ts'

export interface Refusal {
  readonly status?: number
  readonly error: string
  /** Decision code */
  readonly code: string
  /** Text that what the failed check saw must contain */
  readonly saw?: string
}

export async function expectRefused(
  world: Pick<World, 'findDecision'>,
  answer: Answer,
  { status = 400, error, code, saw }: Refusal,
): Promise<void> {
  const record = await world.findDecision(answer)
  expect({ status: answer.status, error: answer.body.error, code: record.code }).toEqual({
    status,
    error,
    code,
  })
  expect(answer.body).not.toHaveProperty('access_token')
  expect(record.granted === null || record.outcome !== 'allow').toBe(true)
  if (saw !== undefined) {
    const failed = record.checks.filter(({ result }) => result === 'fail')
    expect(JSON.stringify(failed)).toContain(saw)
  }
}
