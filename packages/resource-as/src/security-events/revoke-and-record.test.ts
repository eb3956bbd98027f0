// Which messages count as the same one: no issuer can use up the event ids of another, nor those of another server here.
import { expect, it } from 'vitest'

import { nameEvent } from './revoke-and-record.ts'

type Named = Parameters<typeof nameEvent>[0]

const EVENT = {
  ...{ snapshot: { id: 'todo' }, issuer: 'https://idp.test', event: { id: 'e1' } },
  rememberedUntil: 1_800_000_000,
} as Named

it('remembers the same event under the same key, as long as it would be accepted', () => {
  const again = { ...EVENT, event: { ...EVENT.event, issuedAt: 7 } }
  expect(nameEvent(again)).toEqual(nameEvent(EVENT))
  expect(nameEvent(EVENT)).toMatchObject({ kind: 'security-event', expiresAt: 1_800_000_000 })
})

it.each<[string, object, readonly string[]]>([
  ['another event', { event: { id: 'e2' } }, []],
  ['another server', { snapshot: { id: 'notes' } }, []],
  ['another issuer', { issuer: 'https://other.test' }, []],
  ['another purpose', {}, ['subject']],
])('has another key for %s', (_, change, more) => {
  expect(nameEvent({ ...EVENT, ...change }, ...more).key).not.toBe(nameEvent(EVENT).key)
})
