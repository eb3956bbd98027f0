// The identity provider of acme, created once per process for all route handlers.
import { createIdp } from '@crosswalk/idp'
import { openPorts } from '@crosswalk/storage'

import { defineCompany, readSettings } from '../../company-and-vendor.ts'

const settings = readSettings(process.env)

export const idp = await createIdp(
  defineCompany(settings),
  await openPorts(settings.databases.company, settings.ports),
)
