import { AdminApiError } from '@crosswalk/admin-api'
import { describe, expect, it } from 'vitest'

import { kindOf, nameField } from './problem.ts'

const problem = (type: string) => ({ type: `urn:crosswalk:problem:${type}`, title: type, status: 0 })

describe('the kind of a problem', () => {
  it.each([
    [new TypeError('failed to fetch'), 'unreachable'],
    [new AdminApiError(502, undefined), 'unreachable'],
    [new AdminApiError(503, undefined), 'unreachable'],
    // A proxy without a route to us also responds with 404.
    [new AdminApiError(404, undefined), 'unreachable'],
    [new AdminApiError(404, problem('not-found')), 'not-found'],
    [new AdminApiError(401, problem('unauthenticated')), 'signed-out'],
    [new AdminApiError(403, problem('forbidden')), 'forbidden'],
    [new AdminApiError(409, problem('owned-by-file')), 'owned-by-file'],
    [new AdminApiError(409, problem('referenced')), 'conflict'],
    [new AdminApiError(409, problem('exists')), 'conflict'],
    [
      new AdminApiError(409, { ...problem('exists'), errors: [{ path: '/username', problem: 'taken' }] }),
      'invalid',
    ],
    [new AdminApiError(412, problem('stale')), 'stale'],
    [new AdminApiError(400, problem('invalid-request')), 'invalid'],
    // Valid, but too large to process: the administrator can choose less.
    [new AdminApiError(422, problem('too-much')), 'invalid'],
    // We responded, so the server can be reached.
    [new AdminApiError(503, problem('busy')), 'busy'],
    [new AdminApiError(503, problem('unavailable')), 'busy'],
    [new AdminApiError(429, undefined), 'busy'],
    [new AdminApiError(500, problem('fault')), 'fault'],
  ])('%s is %s', (error, kind) => {
    expect(kindOf(error)).toBe(kind)
  })
})

describe('a field, named as in the form', () => {
  it.each([
    ['/redirectUris/1', 'Redirect URIs (2)'],
    ['/name', 'Name'],
    ['/email', 'E-mail'],
    ['/emailDomains/0', 'E-mail domains (1)'],
    ['/username', 'User name'],
    ['/id', 'ID'],
    ['/backchannelLogoutUri', 'Backchannel logout URI'],
    ['/assignments/groups/0', 'Assignments groups (1)'],
    ['', ''],
  ])('%j is %j', (path, name) => expect(nameField(path)).toBe(name))
})
