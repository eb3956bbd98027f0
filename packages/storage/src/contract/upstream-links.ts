// The contract of links to other identity providers: one to one for each provider, whatever the number of processes.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import { START_MS } from './samples.ts'

const LINK = { upstream: 'corp', subject: 'sub-1', userId: 'usr_alice', created: false, at: START_MS }

export function describeUpstreamLinks(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('links one subject to one user, and one user to one subject, at each provider', async () => {
    const { upstreamLinks } = fixture.storage
    expect(await upstreamLinks.find('corp', 'sub-1')).toBeUndefined()
    expect(await upstreamLinks.add(LINK)).toBe(true)
    expect(await upstreamLinks.add({ ...LINK, userId: 'usr_bob' })).toBe(false)
    expect(await upstreamLinks.add({ ...LINK, subject: 'sub-2' })).toBe(false)
    expect(await upstreamLinks.add({ ...LINK, upstream: 'other', created: true })).toBe(true)
    expect(await upstreamLinks.find('corp', 'sub-1')).toEqual({ userId: 'usr_alice', created: false })
    expect(await upstreamLinks.find('other', 'sub-1')).toEqual({ userId: 'usr_alice', created: true })
    expect(await upstreamLinks.find('corp', 'sub-2')).toBeUndefined()
    expect(await upstreamLinks.add({ ...LINK, subject: 'sub-3', userId: 'usr_bob' })).toBe(true)
    expect(await upstreamLinks.remove('usr_alice')).toBe(2)
    expect(await upstreamLinks.remove('usr_alice')).toBe(0)
    expect(await upstreamLinks.find('corp', 'sub-3')).toMatchObject({ userId: 'usr_bob' })
    expect(await upstreamLinks.find('corp', 'sub-1')).toBeUndefined()
  })

  test('exactly one of many concurrent links in two processes succeeds', async () => {
    const other = await fixture.openAgain()
    const added = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? other : fixture.storage).upstreamLinks.add({
          ...LINK,
          subject: 'sub-race',
          userId: `usr_${index}`,
        }),
      ),
    )
    expect(added.filter(Boolean)).toHaveLength(1)
  })
}
