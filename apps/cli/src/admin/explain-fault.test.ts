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

it.each([
  ['', 'the server URL is empty'],
  ['ftp://x.test', 'ftp://x.test is not a valid server URL'],
])('rejects the server %j before it is asked', (server, message) => {
  const fix = 'use http:// or https:// in --server or CROSSWALK_URL'
  expect(toCliError(new TypeError('Failed to parse URL'), server)).toMatchObject({
    exitCode: 2,
    message,
    fix,
  })
})

it.each([
  ['There is no access grant g1.', 'see `npx crosswalk grant list`'],
  ['There is no resource app or resource x.', 'see `npx crosswalk resource list`'],
  ['There is no event 999 in the logs.', 'see `npx crosswalk audit list`'],
  ['There is no key of idp for frob.', 'see `npx crosswalk keys list`'],
  ['There is no token tok_1.', 'see `npx crosswalk admin-token list`'],
  ['There is no account a at todo0.', 'see `npx crosswalk account list`'],
  ['There is no policy test suite s.', 'see `npx crosswalk policy-suite list`'],
  ['There is no stored credential c.', 'see `npx crosswalk credential list`'],
  ['There is no such thing.', 'check the id with the `list` command'],
])('after "%s" the fix is: %s', (detail, fix) => {
  const body = { type: 'urn:crosswalk:problem:not-found', title: 'Not found', status: 404, detail }
  expect(toCliError(new AdminApiError(404, body), 'https://x.test')).toMatchObject({ exitCode: 6, fix })
})
