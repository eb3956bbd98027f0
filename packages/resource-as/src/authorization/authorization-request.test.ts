// What is read from the query of an authorization request, and which of its faults are reported.
import { expect, it } from 'vitest'

import { readAuthorizationRequest, withoutLoginPrompt } from './authorization-request.ts'

const problemsOf = (query: string) =>
  readAuthorizationRequest(query).asked.problems.map(({ parameter, problem }) => `${parameter}: ${problem}`)
const resources = (count: number) =>
  Array.from({ length: count }, (_, index) => `resource=https://todo.test/${index}`).join('&')

it.each([
  [resources(10), []],
  [resources(11), ['resource: given more than 10 times']],
  ['response_mode=query', []],
  ['response_mode=fragment', ['response_mode: not query']],
  ['request=x', ['request: not supported']],
  ['request_uri=https://app.test/request', ['request_uri: not supported']],
  [`dpop_jkt=${'x'.repeat(43)}`, []],
  [`dpop_jkt=${'x'.repeat(44)}`, ['dpop_jkt: not the thumbprint of a key']],
])('%s has the faults %j', (query, problems) => {
  expect(problemsOf(query)).toEqual(problems)
})

it('of more resources, only the first ten are judged', () => {
  expect(readAuthorizationRequest(resources(11)).asked.resource).toHaveLength(10)
})

it.each([
  ['client_id=a', 'a'],
  ['client_id=a&client_id=a', undefined],
])('%s names the client %s', (query, clientId) => {
  expect(readAuthorizationRequest(query).clientId).toBe(clientId)
})

it.each([
  ['prompt=login&state=1', 'state=1'],
  ['prompt=login+consent&state=1', 'prompt=consent&state=1'],
  ['prompt=consent+login&state=1', 'prompt=consent&state=1'],
  ['prompt=consent&state=1', 'prompt=consent&state=1'],
])('%s after the sign-in is %s', (query, rest) => {
  expect(withoutLoginPrompt(readAuthorizationRequest(query))).toBe(rest)
})
