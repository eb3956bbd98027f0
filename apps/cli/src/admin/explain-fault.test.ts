import { AdminApiError } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { toCliError } from './explain-fault.ts'

const problem = (status: number, name: string) =>
  new AdminApiError(status, { type: `urn:crosswalk:problem:${name}`, title: name, status })

it.each([
  ['busy', 503, 1, 'wait a moment, and try again'],
  ['too-much', 422, 2, 'ask for less, such as a shorter period'],
  ['fault', 500, 1, 'see the server log'],
] as const)('%s, status %i, exits with %i and says: %s', (name, status, exitCode, fix) => {
  expect(toCliError(problem(status, name), 'https://x.test')).toMatchObject({ exitCode, fix })
})
