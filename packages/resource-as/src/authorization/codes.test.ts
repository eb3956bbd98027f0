// How long an authorization code lasts, and where it opens.
import { createSealing } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { codeReplayKey, issueCode, openCode } from './codes.ts'

const parts = {
  sealing: createSealing(new Uint8Array(32)),
  clock: { nowMs: () => 1_800_000_000_999 },
  server: 'todo0',
}

it('a code lasts a minute, opens at its own server only, and stays used until it has expired', () => {
  const text = issueCode({ clientId: 'agent0' } as never, parts)
  const code = openCode(text, parts)
  expect(code).toMatchObject({ clientId: 'agent0', iat: 1_800_000_000, exp: 1_800_000_060 })
  expect(openCode(text, { ...parts, server: 'notes0' })).toBeUndefined()
  expect(code && codeReplayKey(code, 'todo0').expiresAt).toBeGreaterThan(1_800_000_060)
})
