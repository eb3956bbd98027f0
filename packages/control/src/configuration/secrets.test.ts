// Which secrets of a document are set: those of new objects, others only on request, and never a placeholder.
import { describe, expect, it } from 'vitest'

import { extractSecrets } from './secrets.ts'

const auth = { method: 'client_secret_basic', secret: 'new', previousSecret: 'old' }
const KNOWN = { id: 'a', clients: [{ id: 'known' }] } as never

describe('secrets of an app', () => {
  const extract = (input: object, previous: unknown, setSecrets = false) =>
    extractSecrets('apps', { id: 'a', ...input }, { previous: previous as never, setSecrets })

  it.each([
    ['a new one', undefined, false, ['auth.secret', 'auth.previousSecret']],
    ['one on request', KNOWN, true, ['auth.secret', 'auth.previousSecret']],
    ['no other', KNOWN, false, []],
  ])('are set for %s', (_, previous, setSecrets, secrets) => {
    const kept = secrets.length > 0 ? auth : { method: auth.method }
    expect(extract({ auth }, previous, setSecrets)).toEqual({ input: { id: 'a', auth: kept }, secrets })
  })

  it.each(['${A_SECRET}', '${A_SECRET:-}', '${_a9:-x\ny}'])('are not set by the placeholder %j', (secret) => {
    expect(extract({ auth: { method: 'x', secret } }, undefined, true)).toEqual({
      ...{ input: { id: 'a', auth: { method: 'x' } }, secrets: [] },
    })
  })

  it.each(['$${A_SECRET}', '${A_SECRET}x', '${9}', '${A B}'])('are set by %j', (secret) => {
    expect(extract({ auth: { secret } }, undefined).secrets).toEqual(['auth.secret'])
  })
})

it('secrets of a server are set for each new client', () => {
  const clients = ['known', 'new'].map((id) => ({ id, auth: { method: 'x', secret: 's' } }))
  expect(
    extractSecrets('authorization-servers', { id: 'a', clients }, { previous: KNOWN, setSecrets: false }),
  ).toEqual({
    input: { id: 'a', clients: [{ id: 'known', auth: { method: 'x' } }, clients[1]] },
    secrets: ['clients.new.auth.secret'],
  })
})

it.each([
  [undefined, { password: 'p', totpSecret: 't' }, { password: 'p' }, ['password']],
  [KNOWN, { password: 'p' }, {}, []],
  [KNOWN, { password: null }, { password: null }, []],
])('the password of a user known as %j is set by %j as %j', (previous, given, input, secrets) => {
  expect(extractSecrets('users', given, { previous, setSecrets: false })).toEqual({ input, secrets })
})
