// The revision that plans and exports show is current from the start: keys created at start count in it.
import { openStorage } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

it('shows the revision after what the server itself did at start', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  // The current revision, from a route that does not use the worker thread.
  const { body } = await adminOf(server.baseUrl)('GET', '/configuration')
  const storage = await openStorage(server.database)
  expect(body.revision).toBe(await storage.objects.revision())
  await storage.close()
  await server.stop()
})
