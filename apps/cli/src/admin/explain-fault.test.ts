import { AdminApiError } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import type { CliError } from '../cli-error.ts'
import { toCliError } from './explain-fault.ts'

const problem = (status: number, name: string) =>
  new AdminApiError(status, { type: `urn:crosswalk:problem:${name}`, title: name, status })

it.each([
  ['busy', 503, 1, 'wait a moment, and try again'],
  ['too-much', 422, 2, 'ask for less, such as a shorter period'],
  ['fault', 500, 1, 'see the server log'],
  ['conflict', 409, 7, 'check the current state, and try again'],
  ['precondition', 412, 7, 'someone else changed it; reload and try again'],
  ['rate-limited', 429, 10, 'wait a moment, and try again'],
] as const)('%s, status %i, exits with %i and says: %s', (name, status, exitCode, fix) => {
  expect(toCliError(problem(status, name), 'https://x.test')).toMatchObject({ exitCode, fix })
})

it.each([
  [false, 'change less, or ask an owner or administrator to save it anyway'],
  [true, 'change less, or change the test; or save anyway with --override-tests and --reason'],
])('names the policy tests that would fail; who may override (%s) learns how', (mayOverride, fix) => {
  const failedTests = [{ suite: 's', test: 'a\u001b[2J', why: 'allow' }]
  const body = { type: 'urn:crosswalk:problem:tests-fail', title: 'Conflict', status: 409 }
  const error = new AdminApiError(409, { ...body, failedTests, mayOverride } as never)
  expect(toCliError(error, 'https://x.test')).toMatchObject({
    exitCode: 7,
    message: 'policy tests would fail, so nothing was changed\n  s: a\ufffd[2J: allow',
    fix,
  })
})

it('shows no control characters of another server', () => {
  const errors = [{ path: '/name', problem: 'is taken', fix: 'choose \u001b[2J' }]
  const body = { type: 'urn:x:taken', title: 'Taken \u001b[2J', status: 400, detail: 'Why \u001b[2J', errors }
  expect(toCliError(new AdminApiError(400, body as never), 'https://x.test')).toMatchObject({
    message: 'Taken \ufffd[2J',
    fix: 'choose \ufffd[2J',
    details: { why: 'Why \ufffd[2J' },
  })
})

it.each([
  ['', 'the server URL is empty'],
  ['ftp://x.test', 'ftp://x.test is not a valid server URL'],
])('rejects the server %j before it is asked', (server, message) => {
  const fix = 'use http:// or https:// in --server or CROSSWALK_SERVER'
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

it.each([
  [200, {}, 8, 'https://x.test has no admin API (status 200)', /^check --server/],
  [401, {}, 8, 'https://x.test has no admin API (status 401)', /^check --server/],
  [429, {}, 10, 'https://x.test rejects further requests (status 429)', /^wait a moment/],
  [500, {}, 8, 'https://x.test has no admin API (status 500)', /^check --server/],
  [502, {}, 8, 'the proxy in front of https://x.test gets no answer from it (status 502)', /is running/],
  [504, {}, 8, 'the proxy in front of https://x.test gets no answer from it (status 504)', /is running/],
  [505, {}, 8, 'https://x.test has no admin API (status 505)', /^check --server/],
  [302, {}, 8, 'https://x.test has no admin API (status 302)', /^check --server/],
  [
    ...[301, { location: 'https://y.test:8443/sub/admin/api/v1/users?limit=1' }, 8],
    ...[
      'https://x.test redirects to https://y.test:8443',
      /^use --server https:\/\/y\.test:8443\/sub, or set/,
    ],
  ],
  [
    ...[308, { location: '/sub/admin/api/v1/users' }, 8],
    ...['https://x.test redirects to https://x.test', /^use --server https:\/\/x\.test\/sub, or set/],
  ],
  [
    ...[302, { location: 'https://login.test/?to=https://x.test/admin/api/v1/users' }, 8],
    ...['https://x.test redirects to https://login.test', /^use the URL of the server itself/],
  ],
  [
    ...[302, { location: 'https://y.test/$(id)/admin/api/v1/users' }, 8],
    ...['https://x.test redirects to https://y.test', /^use the URL of the server itself/],
  ],
  [
    ...[302, { location: 'https://\u001b[2J' }, 8],
    ...['https://x.test redirects to https://\ufffd[2J', /^use the URL of the server itself/],
  ],
] as [number, { location?: string }, number, string, RegExp][])(
  'tells who answered, for a response of others with status %i %j',
  (status, hints, exitCode, message, fix) => {
    expect(toCliError(new AdminApiError(status, undefined, hints), 'https://x.test')).toMatchObject({
      ...{ exitCode, message, fix: expect.stringMatching(fix) },
    })
  },
)

it('does not call the problem of another server by a name of ours', () => {
  const body = { type: 'about:blank', title: 'Unauthorized', status: 401 }
  const error = toCliError(new AdminApiError(401, body), 'https://x.test') as CliError
  expect([error.exitCode, error.message, error.details.code]).toEqual([4, 'Unauthorized', undefined])
})
