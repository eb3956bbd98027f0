// Errors of the SCIM library: only what they say about the request is the fault of the caller. Problems of the admin API.
import { StorageFault } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { invalidRequest } from '../http/read-request.ts'
import { fromLibrary, fromProblem, ScimError } from './scim-error.ts'

const ofLibrary = (more: object) => Object.assign(new Error('no'), { name: 'SCIMError' }, more)

it.each([
  ['an error with status and type', ofLibrary({ status: 409, scimType: 'uniqueness' }), 409, 'uniqueness'],
  ['an error without them', ofLibrary({}), 400, 'invalidValue'],
  ['a value of a wrong type', new TypeError('no'), 400, 'invalidValue'],
])('%s is a refusal', (_, error, status, scimType) => {
  expect(fromLibrary(error)).toMatchObject({ name: 'ScimError', message: 'no', status, scimType })
})

it.each([
  ['a fault of the storage', new StorageFault('unreachable', 'no route')],
  ['a defect', new RangeError('no')],
  ['what is no error', 'no'],
  ['a refusal', new ScimError(412, 'no')],
])('%s stays what it is', (_, error) => {
  expect(fromLibrary(error)).toBe(error)
})

it('a problem of the admin API names each mistake once', () => {
  const { message } = fromProblem(invalidRequest([{ path: '/name', problem: 'is too long' }]))
  expect(message).toMatch(/^[^/]+\. \/name: is too long$/)
})
