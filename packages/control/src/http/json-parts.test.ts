// A response in parts has the same text as one rendered at once.
import { expect, it } from 'vitest'

import { renderParts, streamJson } from './json-parts.ts'

const LONG = Array.from({ length: 600 }, (_, index) => ({ id: `usr_${index}`, email: undefined }))

it.each<[string, unknown]>([
  ['nothing', {}],
  ['empty members', { list: [], object: {}, text: '', missing: null, left: undefined }],
  ['values of all kinds', { 'a "name"': [1, true, 'é\u2028"', null, [[]], { a: [{}] }], b: 2.5 }],
  ['only undefined members', { first: undefined, second: { third: undefined } }],
  ['a long list', { revision: 7, document: { idp: { users: LONG } }, variables: ['A'] }],
])('%s', async (_, value) => {
  let text = ''
  for await (const part of renderParts(value)) text += part
  expect(text).toBe(JSON.stringify(value))
})

it.each([[[]], [[[], []]], [[[1, 2], [], [3]]]])('a list that is read in portions: %j', async (portions) => {
  const list: AsyncIterable<readonly number[]> = {
    async *[Symbol.asyncIterator]() {
      yield* portions
    },
  }
  let text = ''
  for await (const part of renderParts({ list })) text += part
  expect(text).toBe(JSON.stringify({ list: portions.flat() }))
})

it('renders a long list in several parts, as they are read', async () => {
  const parts = renderParts(LONG)
  expect(JSON.parse(`${(await parts.next()).value}]`)).toHaveLength(250)
  const response = streamJson({ users: LONG })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify({ users: LONG })))
})
