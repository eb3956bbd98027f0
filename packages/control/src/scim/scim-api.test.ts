// What a directory learns if the server cannot answer.
import { StorageFault } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createScimApi, SCIM_PATH, type ScimParts } from './scim-api.ts'

const BASE = 'https://idp.acme.test'

function open(fault: Error) {
  const faults: unknown[] = []
  const admin = {
    sealing: { keyedDigest: (_: string, text: string) => text.padEnd(9) },
    configuration: { baseUrl: BASE },
    clock: { nowMs: () => 0 },
    directory: {
      current() {
        throw fault
      },
    },
  }
  const { fetch } = createScimApi({
    directories: [{ id: 'okta', token: 'token' }] as never,
    admin: admin as unknown as ScimParts['admin'],
    onFault: (one) => void faults.push(one),
  })
  const headers = { authorization: 'Bearer token' }
  return { faults, ask: () => fetch(new Request(`${BASE}${SCIM_PATH}/Users/usr_1`, { headers })) }
}

it.each([
  ['the database is unreachable', new StorageFault('unreachable', 'no route'), 503, '2', /try again later/],
  [
    'the server has a defect',
    new TypeError('undefined is no function'),
    500,
    null,
    /^The server met a fault/,
  ],
])('if %s, the error has the form of SCIM and says what to do', async (_, fault, status, wait, detail) => {
  const { ask, faults } = open(fault)
  const answer = await ask()
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, wait])
  expect(answer.headers.get('content-type')).toBe('application/scim+json')
  expect(await answer.json()).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: expect.stringMatching(detail),
  })
  expect(faults).toEqual([fault])
})
