// Notes0 as a process.
import { readSettings, serveApp } from '@crosswalk/demo-kit'

import { createNotes0 } from './app.ts'
import { openNotes } from './notes.ts'

const settings = readSettings(
  ['NOTES0_URL', 'NOTES0_FILE', 'VENDOR_ISSUER', 'NOTES0_API_SECRET'],
  process.env,
)

await serveApp({
  name: 'Notes0',
  port: Number(new URL(settings.NOTES0_URL).port),
  app: createNotes0({
    baseUrl: settings.NOTES0_URL,
    notes: openNotes(settings.NOTES0_FILE),
    vendorIssuer: settings.VENDOR_ISSUER,
    apiSecret: settings.NOTES0_API_SECRET,
  }),
})
