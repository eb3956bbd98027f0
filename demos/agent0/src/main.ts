// Agent0 as a process.
import { connectBackstage, readSettings, serveApp } from '@crosswalk/demo-kit'

import { createAgent0 } from './app.ts'
import { readModelSettings } from './model/model-settings.ts'

const settings = readSettings(
  [
    'AGENT0_URL',
    'IDP_ISSUER',
    'VENDOR_ISSUER',
    'TODO0_MCP',
    'NOTES0_MCP',
    'AGENT0_SECRET',
    'AGENT0_AT_TODO0_SECRET',
  ],
  process.env,
)

const model = readModelSettings(process.env)
const { BACKSTAGE_URL: url, BACKSTAGE_SECRET: secret, OTHER_AT_TODO0_SECRET: other } = process.env

await serveApp({
  name: 'Agent0',
  port: Number(new URL(settings.AGENT0_URL).port),
  app: createAgent0({
    baseUrl: settings.AGENT0_URL,
    idpIssuer: settings.IDP_ISSUER,
    clientSecret: settings.AGENT0_SECRET,
    vendorIssuer: settings.VENDOR_ISSUER,
    secretAtVendor: settings.AGENT0_AT_TODO0_SECRET,
    servers: { Todo0: settings.TODO0_MCP, Notes0: settings.NOTES0_MCP },
    ...(model === undefined ? {} : { model }),
    ...(other === undefined ? {} : { otherSecretAtVendor: other }),
    ...(url === undefined || secret === undefined ? {} : { backstage: connectBackstage(url, secret) }),
  }),
})
