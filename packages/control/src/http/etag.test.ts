import { expect, it } from 'vitest'

import { buildEtag, checkIfMatch } from './etag.ts'

const BODY = { id: 'usr_bob' }
const TAG = buildEtag(BODY)

it.each<[string, string | undefined, unknown, boolean]>([
  ['the tag', TAG, BODY, true],
  ['any tag', '*', BODY, true],
  ['one of several tags', `"other", ${TAG}`, BODY, true],
  ['any tag of an object that does not exist', '*', undefined, false],
  ['another tag', '"other"', BODY, false],
  ['the weak tag', `W/${TAG}`, BODY, false],
  ['no tag', undefined, BODY, false],
])('If-Match with %s (RFC 9110 section 13.1.1)', (_, ifMatch, current, holds) => {
  const problem = checkIfMatch(ifMatch, current)
  expect(problem?.problem.status).toBe(holds ? undefined : 412)
})
