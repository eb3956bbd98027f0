import { describe, expect, it } from 'vitest'

import {
  BlockedByAdmin,
  NeedsMoreScope,
  readDetails,
  StepUpFailed,
  StepUpRequired,
  XaaError,
  type XaaErrorDetails,
} from './xaa-error.ts'

describe('an error', () => {
  const whole: XaaErrorDetails = {
    code: 'XAA1501',
    confidence: 'possible',
    leg: 'exchange',
    server: 'https://idp.test',
    status: 400,
    decisionId: 'dec_1',
    oauthError: 'access_denied',
    evidence: 'HTTP 400',
    retryAfterSeconds: 3,
  }

  it('says where, what the server answered, and which decision it was', () => {
    const meaning = new XaaError({ code: 'XAA1501' }).message
    expect(meaning).toMatch(/^XAA1501 [^:([]+$/)
    expect(new XaaError(whole).message).toBe(`${meaning} (https://idp.test): access_denied, HTTP 400 [dec_1]`)
    expect(new XaaError({ ...whole, oauthError: '', evidence: 'HTTP 400' }).message).toBe(
      `${meaning} (https://idp.test): HTTP 400 [dec_1]`,
    )
    expect(new XaaError({ code: 'XAA1501', oauthError: 'x', evidence: 'x' }).message).toBe(`${meaning}: x`)
  })

  it('has all members that are known', () => {
    expect(new XaaError(whole)).toMatchObject(whole)
    expect(new XaaError({ code: 'XAA1501' }).confidence).toBe('certain')
  })

  it('is logged with all of them, but without the error that caused it', () => {
    const cause = new Error('secret')
    const error = new XaaError({ ...whole, errorUri: 'https://idp.test/why', cause })
    expect(error.cause).toBe(cause)
    expect('cause' in new XaaError(whole)).toBe(false)
    const { kind, message, userMessage, hint } = error
    const docs = 'https://idp.test/why'
    expect(error.toJSON()).toEqual({ ...whole, name: 'XaaError', kind, message, userMessage, hint, docs })
  })

  it.each([
    [new NeedsMoreScope({ ...whole, missing: ['todos.write'] }), { missing: ['todos.write'] }],
    [
      new StepUpRequired({ ...whole, acrValues: 'mfa', maxAgeSeconds: 0 }),
      { acrValues: 'mfa', maxAgeSeconds: 0 },
    ],
    [
      new BlockedByAdmin({ ...whole, errorUri: 'https://idp.test/ask' }),
      { docs: 'https://idp.test/ask', requestAccessUrl: 'https://idp.test/ask' },
    ],
  ])('is logged with what its class adds: %s', (error, added) => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      ...{ ...whole, ...added, name: error.name, message: error.message },
      ...{ kind: error.kind, userMessage: error.userMessage, hint: error.hint },
    })
  })

  it('can be repeated by another, with what it says', () => {
    const details = { ...whole, errorUri: 'https://idp.test/ask' }
    expect(readDetails(new XaaError(details))).toMatchObject(details)
  })
})

describe('a step-up', () => {
  it('has only the parameters that the server requires', () => {
    const asked = new StepUpRequired({ code: 'XAA1304', maxAgeSeconds: 0 })
    expect(asked.signInUrl('https://idp.test/auth?client_id=a')).toBe(
      'https://idp.test/auth?client_id=a&max_age=0',
    )
    expect(new StepUpRequired({ code: 'XAA1304', acrValues: 'mfa' }).signInParameters).toEqual({
      acr_values: 'mfa',
    })
  })

  it('that failed names what was required', () => {
    const failed = new StepUpFailed(
      new StepUpRequired({ code: 'XAA1304', maxAgeSeconds: 60, acrValues: 'mfa' }),
    )
    expect(failed).toMatchObject({ code: 'XAA1304', maxAgeSeconds: 60, acrValues: 'mfa' })
  })
})
