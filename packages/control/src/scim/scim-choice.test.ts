import { expect, test } from 'vitest'

import { readChoice } from './scim-choice.ts'

const USER = { schemas: ['urn:user'], id: 'usr_1', userName: 'alice' }

test.each([
  ['attributes', { ...USER }],
  ['excludedAttributes', { schemas: USER.schemas, id: USER.id }],
])('%s: at most a hundred names', (parameter, shown) => {
  const choose = (count: number) =>
    readChoice(new URLSearchParams({ [parameter]: Array(count).fill('userName').join(',') }))
  expect(choose(100)(USER)).toEqual(shown)
  expect(() => choose(101)).toThrow(`${parameter} has more than 100 names.`)
})
