import { expect, it } from 'vitest'

import { renderAudience } from '../tokens/access-token.ts'
import { asStringArray, isResourceIdentifier } from './resource-identifier.ts'

it.each([
  ['https://a.test/', true],
  ['urn:a', true],
  [`urn:${'a'.repeat(2044)}`, true],
  [`urn:${'a'.repeat(2045)}`, false],
  ['https://a.test/#f', false],
  ['https://a.test/ b', false],
  ['/a', false],
  ['a', false],
  ['1a:b', false],
  ['', false],
])('%s names a resource: %s (RFC 8707 section 2)', (text, named) => {
  expect(isResourceIdentifier(text)).toBe(named)
})

it.each([
  ['a', ['a']],
  ['', ['']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [[], []],
  [['a', 7], undefined],
  [7, undefined],
  [undefined, undefined],
  [{ 0: 'a' }, undefined],
])('%j as an array of strings is %j', (value, expected) => {
  expect(asStringArray(value)).toEqual(expected)
})

it.each([
  [['a'], 'a'],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [[], []],
])('the audience of the resources %j is %j', (resources, audience) => {
  expect(renderAudience(resources)).toEqual(audience)
})
