import {
  BlockedByAdmin,
  GrantRefused,
  NeedsMoreScope,
  SignInAgain,
  StepUpFailed,
  StepUpRequired,
  Unavailable,
} from '@crosswalk/client'
import { describe, expect, it } from 'vitest'

import { describeRefusal } from './refusal.ts'

describe('describeRefusal', () => {
  it.each([
    [
      new BlockedByAdmin({ code: 'XAA5001' }),
      'Your organisation has not allowed Agent0 to use Notes0 for you.',
    ],
    [
      new NeedsMoreScope({ code: 'XAA1602', missing: ['notes.write'] }),
      'Your organisation has not allowed Agent0 to write notes in Notes0 for you.',
    ],
    [new SignInAgain({ code: 'XAA1202' }), 'Your sign-in has ended. Please sign in again.'],
    [new StepUpRequired({ code: 'XAA1801' }), 'Your organisation requires you to sign in again for this.'],
    [
      new StepUpFailed(new StepUpRequired({ code: 'XAA1801', acrValues: 'mfa' })),
      'You signed in again, but that was not enough. Ask your administrator what is required.',
    ],
    [new Unavailable({ code: 'XAA5007' }), 'Notes0 cannot be reached right now.'],
    [new GrantRefused({ code: 'XAA2202' }), expect.stringMatching(/^[A-Z].*\.$/)],
  ])('%s', (error, text) => {
    expect(describeRefusal(error, 'Notes0', 'add_note')).toMatchObject({ text, code: error.code })
  })

  it('offers a sign-in for a step-up, but not after it failed', () => {
    const required = new StepUpRequired({ code: 'XAA1801', acrValues: 'mfa', maxAgeSeconds: 300 })
    expect(describeRefusal(required, 'Todo0', 'list_todos')).toMatchObject({
      signInAgain: true,
      signInParameters: { acr_values: 'mfa', max_age: '300' },
    })
    expect(describeRefusal(new StepUpFailed(required), 'Todo0', 'list_todos')).not.toHaveProperty(
      'signInAgain',
    )
  })

  it('links to access requests, if the identity provider sends a link', () => {
    const errorUri = 'https://idp.test/me/ask?app=agent0'
    const asked = { code: 'XAA1503', leg: 'exchange', errorUri } as const
    expect(describeRefusal(new BlockedByAdmin(asked), 'Todo0', undefined)).toMatchObject({ askUrl: errorUri })
    const scope = new NeedsMoreScope({ ...asked, code: 'XAA1602', missing: ['notes.write'] })
    expect(describeRefusal(scope, 'Notes0', 'add_note')).toMatchObject({ askUrl: errorUri })
    const vendor = new BlockedByAdmin({ ...asked, leg: 'redemption' })
    expect(describeRefusal(vendor, 'Todo0', undefined)).not.toHaveProperty('askUrl')
  })

  it('finds a refusal wrapped by the MCP client, with its decision', () => {
    const refusal = new BlockedByAdmin({ code: 'XAA5001', decisionId: 'dec_1' })
    const wrapped = new Error('probe failed', { cause: new Error('connect failed', { cause: refusal }) })
    expect(describeRefusal(wrapped, 'Todo0', 'list_todos')).toMatchObject({
      code: 'XAA5001',
      decisionId: 'dec_1',
    })
  })

  it('ignores other errors, which are for operators', () => {
    expect(describeRefusal(new TypeError('fetch failed'), 'Todo0', 'list_todos')).toBeUndefined()
    expect(describeRefusal('text', 'Todo0', 'list_todos')).toBeUndefined()
  })
})
