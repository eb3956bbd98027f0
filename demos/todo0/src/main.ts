// Todo0 as a process.
import { readSettings, serveApp } from '@crosswalk/demo-kit'

import { createTodo0 } from './app.ts'
import { openTodos } from './todos.ts'

const settings = readSettings(
  [
    'TODO0_URL',
    'TODO0_FILE',
    'IDP_ISSUER',
    'VENDOR_ISSUER',
    'TODO0_PAGE_SECRET',
    'TODO0_PAGE_AT_TODO0_SECRET',
    'TODO0_API_SECRET',
  ],
  process.env,
)

await serveApp({
  name: 'Todo0',
  port: Number(new URL(settings.TODO0_URL).port),
  app: createTodo0({
    baseUrl: settings.TODO0_URL,
    todos: openTodos(settings.TODO0_FILE),
    idpIssuer: settings.IDP_ISSUER,
    vendorIssuer: settings.VENDOR_ISSUER,
    clientSecret: settings.TODO0_PAGE_SECRET,
    secretAtVendor: settings.TODO0_PAGE_AT_TODO0_SECRET,
    apiSecret: settings.TODO0_API_SECRET,
  }),
})
