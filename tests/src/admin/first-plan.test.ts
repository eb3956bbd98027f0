// The first plan of a server: the keys that it made at its start count in the revision of definitions.
import { openStorage } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

it('is not outdated once the server notices what it did itself', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  // What it holds now, by a route that asks no thread.
  const { body } = await adminOf(server.baseUrl)('GET', '/configuration')
  const storage = await openStorage(server.database)
  expect(body.revision).toBe(await storage.objects.revision())
  await storage.close()
  await server.stop()
})
