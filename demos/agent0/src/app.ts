// Agent0 as a web app: addresses, who may call them, and what each answers.
import { type Agent, clientSecret, type LegEvent, xaa } from '@crosswalk/client'
import {
  addSignInRoutes,
  createPageRenderer,
  createSessions,
  createSignIn,
  isFormToken,
  isOwnJsonRequest,
} from '@crosswalk/demo-kit'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { answerSentence } from './answer.ts'
import { type Chat, createChat, remember, type Turn } from './chat.ts'
import { renderChat, renderProblem, renderWelcome } from './chat-page.ts'
import { CHAT_MARK, CHAT_STYLE } from './chat-style.ts'
import { createLegRecorder, type LegRecorder } from './legs.ts'
import type { Product } from './planner.ts'

export interface Agent0Options {
  readonly baseUrl: string
  readonly idpIssuer: string
  readonly clientSecret: string
  /** Issuer of the vendor's authorization server, where Agent0 is registered as well */
  readonly vendorIssuer: string
  readonly secretAtVendor: string
  /** MCP servers */
  readonly servers: Readonly<Record<Product, string>>
}

const CLIENT_ID = 'agent0'
const CLIENT_ID_AT_VENDOR = 'agent0-at-todo0'
const SESSION_IDLE_SECONDS = 8 * 3600
const MAX_BODY_BYTES = 16 * 1024

export function createAgent0(options: Agent0Options): Hono {
  const sessions = createSessions<Chat>({ cookieName: 'agent0_session', idleSeconds: SESSION_IDLE_SECONDS })
  const render = createPageRenderer({
    appName: 'Agent0',
    mark: CHAT_MARK,
    style: CHAT_STYLE,
    formTargets: [new URL(options.idpIssuer).origin],
  })
  const showProblem = (c: Context, text: string) =>
    render(c, { title: 'Not signed in', status: 400, content: renderProblem(text) })
  const recorder = createLegRecorder()
  const agent = createAgent(options, recorder)
  const answer = createAnswering({ agent, recorder, servers: options.servers })

  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  app.get('/healthz', (c) => c.text('ok'))
  addSignInRoutes(app, {
    signIn: createSignIn({
      issuer: options.idpIssuer,
      clientId: CLIENT_ID,
      clientSecret: options.clientSecret,
      redirectUri: `${options.baseUrl}/callback`,
      postLogoutRedirectUri: `${options.baseUrl}/`,
    }),
    sessions,
    attemptCookie: 'agent0_signin',
    baseUrl: options.baseUrl,
    createSession: createChat,
    endSession: ({ signedIn }) => agent.as(signedIn.vault).forget(),
    renderProblem: showProblem,
  })

  app.get('/', (c) => {
    const chat = sessions.find(c)
    if (chat === undefined) return render(c, { title: 'Welcome', content: renderWelcome() })
    const { formToken, signedIn } = chat
    return render(c, {
      title: 'Chat',
      content: renderChat(chat),
      signedIn: { name: signedIn.person.name, formToken },
    })
  })

  app.post('/chat', async (c) => {
    const chat = sessions.find(c)
    if (chat === undefined) return c.redirect('/', 303)
    const form = await c.req.parseBody()
    if (!isFormToken(form['csrf'], chat.formToken)) return showProblem(c, 'This form was not sent from here.')
    const { sentence } = form
    await answer(chat, typeof sentence === 'string' ? sentence : '')
    return c.redirect('/', 303)
  })

  app.post('/api/chat', async (c) => {
    if (!isOwnJsonRequest(c.req.raw.headers)) return c.json({ error: 'send JSON from this site' }, 415)
    const chat = sessions.find(c)
    if (chat === undefined) return c.json({ error: 'sign in first' }, 401)
    const body: unknown = await c.req.json().catch(() => undefined)
    const sentence =
      typeof body === 'object' && body !== null && 'sentence' in body ? body.sentence : undefined
    if (typeof sentence !== 'string') return c.json({ error: 'send { "sentence": "…" }' }, 400)
    return c.json(await answer(chat, sentence), 200, { 'cache-control': 'no-store' })
  })
  return app
}

function createAgent(options: Agent0Options, recorder: LegRecorder): Agent {
  return xaa({
    idp: options.idpIssuer,
    client: { id: CLIENT_ID, auth: clientSecret(options.clientSecret) },
    resources: {
      [options.vendorIssuer]: { clientId: CLIENT_ID_AT_VENDOR, auth: clientSecret(options.secretAtVendor) },
    },
    onLeg: (event) => recorder.onLeg(event),
  })
}

interface AnsweringParts {
  readonly agent: Agent
  readonly recorder: LegRecorder
  readonly servers: Agent0Options['servers']
}

/** @returns what answers a sentence in a chat, and adds the turn to it */
function createAnswering({ agent, recorder, servers }: AnsweringParts) {
  return async (chat: Chat, sentence: string): Promise<Turn> => {
    const legs: LegEvent[] = []
    const session = agent.as(chat.signedIn.vault)
    const answer = await recorder.record(legs, () =>
      answerSentence(sentence, { session, servers, onFault: console.error }),
    )
    const turn = { sentence, answer, legs }
    remember(chat, turn)
    return turn
  }
}
