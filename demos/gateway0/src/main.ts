// Gateway0 as a process.
import { readSettings, serveApp } from '@crosswalk/demo-kit'
import { openNotes } from '@crosswalk/demo-notes0'
import { openTodos } from '@crosswalk/demo-todo0'

import { createGateway0 } from './app.ts'

const settings = readSettings(
  ['GATEWAY0_URL', 'TODO0_FILE', 'NOTES0_FILE', 'GATEWAY_ISSUER', 'GATEWAY_API_SECRET'],
  process.env,
)

await serveApp({
  name: 'Gateway0',
  port: Number(new URL(settings.GATEWAY0_URL).port),
  app: createGateway0({
    baseUrl: settings.GATEWAY0_URL,
    issuer: settings.GATEWAY_ISSUER,
    apiSecret: settings.GATEWAY_API_SECRET,
    todos: openTodos(settings.TODO0_FILE),
    notes: openNotes(settings.NOTES0_FILE),
  }),
})
