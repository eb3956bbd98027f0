import { expect, it } from 'vitest'

import { isBlockedPort } from './blocked-ports.ts'

it.each([1, 1723, 2049, 4045, 4190, 5060, 5061, 6000, 6665, 6669, 6679, 10_080])(
  'browsers refuse port %i',
  (port) => {
    expect(isBlockedPort(port)).toBe(true)
  },
)

it.each([80, 443, 2048, 4000, 4004, 4044, 5059, 5062, 5999, 6001, 6664, 6670, 8080, 14_000])(
  'browsers open port %i',
  (port) => expect(isBlockedPort(port)).toBe(false),
)
