// Serves both, each on its own port with its own database.
import { openPorts } from '@crosswalk/storage'
import { serve } from '@hono/node-server'

import { defineCompany, defineVendor, readSettings } from '../company-and-vendor.ts'
import { createCompany } from './company.ts'
import { createVendor } from './vendor.ts'

const settings = readSettings(process.env)
const { companyUrl, vendorUrl, databases, ports } = settings
const company = await createCompany(defineCompany(settings), await openPorts(databases.company, ports))
const vendor = await createVendor(defineVendor(settings), await openPorts(databases.vendor, ports))

const listen = (app: { readonly fetch: typeof company.fetch }, url: string, name: string) =>
  serve({ fetch: app.fetch, port: Number(new URL(url).port), hostname: '127.0.0.1' }, () =>
    console.log(`${name} ${url}`),
  )
listen(company, companyUrl, 'acme')
listen(vendor, vendorUrl, 'Todo0')
