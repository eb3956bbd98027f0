// Serves the fonts of the pages from the app's own origin.
import { findFont } from '@crosswalk/design'
import type { Hono } from 'hono'

export function addFonts(app: Hono): void {
  app.get('/fonts/:name', (c) => {
    const font = findFont(c.req.path)
    return font === undefined ? c.notFound() : c.body(font.body, 200, font.headers)
  })
}
