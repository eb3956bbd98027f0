// The REST API of Notes0. Each route declares its scope; the access token identifies the user.
import { scope, type XaaEnv } from '@crosswalk/resource/hono'
import type { Hono } from 'hono'
import { z } from 'zod'

import { MAX_NOTE_LENGTH, type Notes } from './notes.ts'

const zNewNote = z.strictObject({ text: z.string().trim().min(1).max(MAX_NOTE_LENGTH) })

/** @param api - already protected by `protect` */
export function addApiRoutes(api: Hono<XaaEnv>, notes: Notes): Hono<XaaEnv> {
  api.get('/notes', scope('notes.read'), (c) => c.json({ notes: notes.list(c.get('xaa').user) }))

  api.post('/notes', scope('notes.write'), async (c) => {
    const body = zNewNote.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success)
      return c.json({ error: `send { "text": "…" }, 1 to ${MAX_NOTE_LENGTH} characters` }, 400)
    const note = notes.add(c.get('xaa').user, body.data.text)
    return note === undefined ? c.json({ error: 'the list is full' }, 409) : c.json({ note }, 201)
  })
  return api
}
