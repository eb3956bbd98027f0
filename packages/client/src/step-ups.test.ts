// A step-up failed if the same server or resource asks again after a new sign-in, within ten minutes.
import { expect, it } from 'vitest'

import { Redacted } from './redacted.ts'
import type { Subject } from './session.ts'
import { StepUps } from './step-ups.ts'
import { StepUpRequired } from './xaa-error.ts'

const PLACE = { asker: 'resource', resource: 'https://api.test' } as const

/** @param asked - time in milliseconds and token of the session, each time that a step-up is required */
function judge(type: Subject['type'], asked: readonly (readonly [number, string])[]) {
  let nowMs = 0
  const stepUps = new StepUps(() => nowMs)
  return asked.map(([atMs, token]) => {
    nowMs = atMs
    const subject = { token: new Redacted(token), type, key: 'k' }
    return stepUps.judge(new StepUpRequired({ code: 'XAA1801' }), PLACE, subject).name
  })
}

const AGAIN = 'StepUpRequired'
const FAILED = 'StepUpFailed'

it.each<readonly [string, Subject['type'], (readonly [number, string])[], string[]]>([
  [
    'the same ID token',
    'id_token',
    [
      [0, 'a'],
      [1, 'a'],
    ],
    [AGAIN, AGAIN],
  ],
  [
    'a new ID token',
    'id_token',
    [
      [0, 'a'],
      [600_000, 'b'],
    ],
    [AGAIN, FAILED],
  ],
  [
    'a new ID token much later',
    'id_token',
    [
      [0, 'a'],
      [600_001, 'b'],
    ],
    [AGAIN, AGAIN],
  ],
  [
    'a new SAML assertion',
    'saml2',
    [
      [0, 'a'],
      [1, 'b'],
    ],
    [AGAIN, FAILED],
  ],
  [
    'a rotated refresh token',
    'refresh_token',
    [
      [0, 'a'],
      [1, 'b'],
    ],
    [AGAIN, AGAIN],
  ],
  [
    'a refresh token of a new sign-in',
    'refresh_token',
    [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ],
    [AGAIN, AGAIN, FAILED],
  ],
  [
    'a refresh token that was rotated before and after a long pause',
    'refresh_token',
    [
      [0, 'a'],
      [1, 'b'],
      [600_002, 'c'],
      [600_003, 'd'],
    ],
    [AGAIN, AGAIN, AGAIN, AGAIN],
  ],
])('with %s', (_, type, asked, names) => {
  expect(judge(type, asked)).toEqual(names)
})
