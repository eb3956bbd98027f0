// The routes of the conversation: the page, its forms, and a JSON API for scripts, complete or streamed.
import { isFormToken, isOwnJsonRequest, type PageRenderer, type Sessions } from '@crosswalk/demo-kit'
import type { Context, Hono } from 'hono'
import { stream } from 'hono/streaming'

import type { Answering } from './answering.ts'
import type { Chat } from './chat.ts'
import { renderChat, renderTurn, renderWelcome } from './chat-page.ts'
import type { ChatEvent } from './chat-script.ts'
import { renderPanel } from './panel.ts'

export interface ChatRoutes {
  readonly sessions: Sessions<Chat>
  readonly render: PageRenderer
  readonly answer: Answering
  /** The model that answers, for the page; absent if none */
  readonly modelTitle?: string
  showProblem(c: Context, text: string): Response | Promise<Response>
}

const NO_STORE = { 'cache-control': 'no-store' }

export function addChatRoutes(app: Hono, { sessions, render, answer, modelTitle, showProblem }: ChatRoutes) {
  app.get('/', (c) => {
    const chat = sessions.find(c)
    if (chat === undefined) return render(c, { title: 'Welcome', content: renderWelcome() })
    const { formToken, signedIn } = chat
    return render(c, {
      title: 'Chat',
      content: renderChat(chat, modelTitle),
      signedIn: { name: signedIn.user.name, formToken },
    })
  })

  app.post('/chat', async (c) => {
    const chat = sessions.find(c)
    if (chat === undefined) return c.redirect('/', 303)
    const form = await c.req.parseBody()
    if (!isFormToken(form['csrf'], chat.formToken))
      return showProblem(c, 'This form was not sent from this site.')
    const { sentence } = form
    await answer(chat, typeof sentence === 'string' ? sentence : '')
    return c.redirect('/', 303)
  })

  app.post('/api/chat', async (c) => {
    const read = await readSentence(c, sessions)
    return 'refusal' in read ? read.refusal : c.json(await answer(read.chat, read.sentence), 200, NO_STORE)
  })

  app.post('/api/chat/stream', async (c) => {
    const read = await readSentence(c, sessions)
    if ('refusal' in read) return read.refusal
    c.header('content-type', 'application/x-ndjson; charset=utf-8')
    c.header('cache-control', 'no-store')
    return stream(c, async (body) => {
      // Writes are queued: text arrives faster than the network accepts it.
      let written: Promise<unknown> = Promise.resolve()
      const send = (event: ChatEvent) => (written = written.then(() => body.writeln(JSON.stringify(event))))
      const turn = await answer(read.chat, read.sentence, {
        onText: (text) => void send({ type: 'text', text }),
        onTool: (name) => void send({ type: 'tool', name }),
      })
      const [turnMarkup, panel] = await Promise.all([renderTurn(turn), renderPanel(read.chat)])
      await send({ type: 'turn', turn: String(turnMarkup), panel: String(panel) })
    })
  })
}

async function readSentence(
  c: Context,
  sessions: Sessions<Chat>,
): Promise<{ readonly refusal: Response } | { readonly chat: Chat; readonly sentence: string }> {
  if (!isOwnJsonRequest(c.req.raw.headers))
    return { refusal: c.json({ error: 'send JSON from this site' }, 415) }
  const chat = sessions.find(c)
  if (chat === undefined) return { refusal: c.json({ error: 'sign in first' }, 401) }
  const body: unknown = await c.req.json().catch(() => undefined)
  const sentence = typeof body === 'object' && body !== null && 'sentence' in body ? body.sentence : undefined
  return typeof sentence === 'string'
    ? { chat, sentence }
    : { refusal: c.json({ error: 'send { "sentence": "…" }' }, 400) }
}
