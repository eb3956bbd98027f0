// Serves both, each on its own port with its own database.
import { openPorts } from '@crosswalk/storage'

import { defineCompany, defineVendor, readSettings } from '../company-and-vendor.ts'
import { createCompany } from './company.ts'
import { createVendor } from './vendor.ts'

const settings = readSettings(process.env)
const { companyUrl, vendorUrl, databases, ports } = settings
const company = await createCompany(defineCompany(settings), await openPorts(databases.company, ports))
const vendor = await createVendor(defineVendor(settings), await openPorts(databases.vendor, ports))

company.listen(Number(new URL(companyUrl).port), '127.0.0.1', () => console.log(`acme ${companyUrl}`))
vendor.listen(Number(new URL(vendorUrl).port), '127.0.0.1', () => console.log(`Todo0 ${vendorUrl}`))
