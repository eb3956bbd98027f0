// The token of a profile goes to its own server only.
import { expect, it } from 'vitest'

import { isSameServer } from './profile-store.ts'

const OWN = 'http://127.0.0.1:4000'

it.each([
  [OWN, true],
  [`${OWN}/`, true],
  [`${OWN}1`, false],
  [`${OWN}.evil.test`, false],
  [`${OWN}@evil.test`, false],
  ['https://127.0.0.1:4000', false],
])('%s is the same server: %s', (server, same) => {
  expect([isSameServer(server, OWN), isSameServer(OWN, server)]).toEqual([same, same])
})
