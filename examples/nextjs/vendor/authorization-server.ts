// Todo0's own authorization server and the guard of its API, created once per process for all route handlers.
import { createResource } from '@crosswalk/resource'
import { createResourceAs } from '@crosswalk/resource-as'
import { openPorts } from '@crosswalk/storage'

import { defineVendor, readSettings } from '../../company-and-vendor.ts'

const settings = readSettings(process.env)

export const server = await createResourceAs(
  defineVendor(settings),
  await openPorts(settings.databases.vendor, settings.ports),
)
export const api = createResource(server.resourceOptions(`${settings.vendorUrl}/api`))
export const todos = new Map<string, string[]>()
