import { describe, expect, test } from 'vitest'

import { isUnreachable, needsFactor, readAcrRequest } from './acr-request.ts'

describe('readAcrRequest', () => {
  test.each([
    ['no claim', undefined, [], false],
    ['null, a plain request for the claim', null, [], false],
    ['acr_values', { values: ['mfa', 'pwd'] }, ['mfa', 'pwd'], false],
    ['one essential value', { essential: true, value: 'mfa' }, ['mfa'], true],
    ['essential values', { essential: true, values: ['mfa'] }, ['mfa'], true],
    ['essential without value', { essential: true }, [], true],
    ['values that are not strings', { values: [1, null, 'mfa'] }, ['mfa'], false],
    ['essential as a string', { essential: 'true', value: 'mfa' }, ['mfa'], false],
  ])('%s', (_, claim, values, essential) => {
    expect(readAcrRequest(claim)).toEqual({ values, essential })
  })
})

describe('needsFactor', () => {
  test.each([
    [[], 'pwd', false],
    [['pwd'], 'pwd', false],
    [['mfa'], 'pwd', true],
    [['mfa'], undefined, true],
    [['mfa'], 'mfa', false],
    [['pwd'], 'mfa', false],
    [['mfa', 'pwd'], 'pwd', false],
    [['mfa', 'pwd'], undefined, true],
    [['urn:other'], 'pwd', false],
    [['urn:other', 'mfa'], 'pwd', true],
  ])('%j with %s: %s', (values, acr, needed) => {
    expect(needsFactor({ values, essential: false }, acr)).toBe(needed)
    expect(needsFactor({ values, essential: true }, acr)).toBe(needed)
  })
})

describe('isUnreachable', () => {
  test.each([
    [['urn:other'], true, true],
    [['urn:other'], false, false],
    [['urn:other', 'mfa'], true, false],
    [['pwd'], true, false],
    [[], true, false],
  ])('%j, essential %s: %s', (values, essential, unreachable) => {
    expect(isUnreachable({ values, essential })).toBe(unreachable)
  })
})
