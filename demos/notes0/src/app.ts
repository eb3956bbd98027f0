// Notes0 as a web app: a REST API and an MCP server for the same notes, without a page. It shares the authorization
// server of Todo0; the resource of a token separates the two products.
import { xaaMcp } from '@crosswalk/mcp/server'
import { createResource, type Resource } from '@crosswalk/resource'
import { metadata, protect, type XaaEnv } from '@crosswalk/resource/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { addApiRoutes } from './api-routes.ts'
import { createNoteServer, NOTE_TOOL_SCOPES } from './note-tools.ts'
import type { Notes } from './notes.ts'

export interface Notes0Options {
  readonly baseUrl: string
  /** Issuer of the vendor's authorization server */
  readonly vendorIssuer: string
  readonly notes: Notes
  /** Secret of `notes0-api` there, for introspection */
  readonly apiSecret: string
}

const MAX_BODY_BYTES = 64 * 1024

export function createNotes0(options: Notes0Options): Hono {
  const { notes } = options
  const api = createNoteResource('/api', 'Notes0 API', options)
  const mcp = xaaMcp({
    resource: createNoteResource('/mcp', 'Notes0 for agents', options),
    tools: NOTE_TOOL_SCOPES,
    server: ({ xaa }) => createNoteServer(notes, xaa.user),
    maxBodyBytes: MAX_BODY_BYTES,
  })

  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  app.get('/', (c) => c.text('Notes0 has no page. Its API is /api/notes, its MCP server /mcp.\n'))
  app.get('/healthz', (c) => c.text('ok'))
  app.use(metadata(api))
  app.all(mcp.metadataPath, (c) => mcp.fetch(c.req.raw))
  app.all('/mcp', (c) => mcp.fetch(c.req.raw))
  app.route('/api', addApiRoutes(new Hono<XaaEnv>().use(protect(api)), notes))
  return app
}

function createNoteResource(path: string, name: string, options: Notes0Options): Resource {
  return createResource({
    resource: `${options.baseUrl}${path}`,
    issuer: options.vendorIssuer,
    introspection: { clientId: 'notes0-api', clientSecret: options.apiSecret },
    scopes: ['notes.read', 'notes.write'],
    name,
  })
}
