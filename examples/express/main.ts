// Serves both, each on its own port with its own database.
import { openPorts } from '@crosswalk/storage'
import type { Express } from 'express'

import { defineCompany, defineVendor, readSettings } from '../company-and-vendor.ts'
import { createCompany } from './company.ts'
import { createVendor } from './vendor.ts'

const settings = readSettings(process.env)
const { companyUrl, vendorUrl, databases, ports } = settings
const company = await createCompany(defineCompany(settings), await openPorts(databases.company, ports))
const vendor = await createVendor(defineVendor(settings), await openPorts(databases.vendor, ports))

listen(company, companyUrl, 'acme')
listen(vendor, vendorUrl, 'Todo0')

function listen(app: Express, url: string, name: string) {
  app.listen(Number(new URL(url).port), '127.0.0.1', (error) => {
    if (error) throw error // Express 5 passes it here, for example if the port is in use
    console.log(`${name} ${url}`)
  })
}
