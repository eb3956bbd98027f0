// Assembles Agent0 as a web app.
import { type Agent, clientSecret, xaa } from '@crosswalk/client'
import {
  addFonts,
  addSignInRoutes,
  type Backstage,
  createPageRenderer,
  createSessions,
  createSignIn,
  type PageRenderer,
  type Sessions,
} from '@crosswalk/demo-kit'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { createAnswering } from './answering.ts'
import { addBreakRoutes } from './break-routes.ts'
import type { FaultResources } from './break-it/break-flow.ts'
import { type Chat, createChat } from './chat.ts'
import { renderProblem } from './chat-page.ts'
import { addChatRoutes } from './chat-routes.ts'
import { CHAT_SCRIPT } from './chat-script.ts'
import { CHAT_MARK, CHAT_STYLE } from './chat-style.ts'
import { createLegRecorder, type LegRecorder } from './legs.ts'
import { createModel } from './model/create-model.ts'
import type { ModelSettings } from './model/model-settings.ts'
import type { Product } from './planner.ts'

export interface Agent0Options {
  readonly baseUrl: string
  readonly idpIssuer: string
  readonly clientSecret: string
  /** Issuer of the vendor's authorization server, where Agent0 is also registered */
  readonly vendorIssuer: string
  readonly secretAtVendor: string
  readonly servers: Readonly<Record<Product, string>>
  /** Absent if the planner answers by rules */
  readonly model?: ModelSettings
  /** Secret of `other-at-todo0` at the vendor, to show that its grants do not work for Agent0 */
  readonly otherSecretAtVendor?: string
  /** Absent outside the demo, where Agent0 cannot act as the administrator */
  readonly backstage?: Backstage
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
    script: CHAT_SCRIPT,
    formTargets: [new URL(options.idpIssuer).origin],
  })
  const showProblem = (c: Context, text: string) =>
    render(c, { title: 'Not signed in', status: 400, content: renderProblem(text) })
  const recorder = createLegRecorder()
  const agent = createAgent(options, recorder)

  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  app.get('/healthz', (c) => c.text('ok'))
  addFonts(app)
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
  addConversation(app, { options, agent, recorder, sessions, render, showProblem })
  return app
}

interface ConversationParts {
  readonly options: Agent0Options
  readonly agent: Agent
  readonly recorder: LegRecorder
  readonly sessions: Sessions<Chat>
  readonly render: PageRenderer
  showProblem(c: Context, text: string): Response | Promise<Response>
}

function addConversation(app: Hono, { options, agent, recorder, ...pages }: ConversationParts): void {
  const { servers, backstage, otherSecretAtVendor: secret } = options
  const model = options.model === undefined ? undefined : createModel(options.model)
  const behind = backstage === undefined ? {} : { backstage }
  addChatRoutes(app, {
    ...pages,
    answer: createAnswering({
      agent,
      recorder,
      servers,
      ...behind,
      ...(model === undefined ? {} : { model }),
    }),
    ...(model === undefined ? {} : { modelTitle: model.title }),
  })
  addBreakRoutes(app, {
    ...pages,
    ...behind,
    idp: { issuer: options.idpIssuer, clientId: CLIENT_ID, auth: clientSecret(options.clientSecret) },
    vendor: {
      issuer: options.vendorIssuer,
      clientId: CLIENT_ID_AT_VENDOR,
      auth: clientSecret(options.secretAtVendor),
    },
    resources: findResources(servers),
    ...(secret === undefined
      ? {}
      : { otherClient: { clientId: 'other-at-todo0', auth: clientSecret(secret) } }),
  })
}

function findResources({ Todo0: mcp, Notes0: notes }: Agent0Options['servers']): FaultResources {
  // If both products have the same server, it is a gateway.
  return { mcp, notes, ...(mcp === notes ? {} : { api: new URL('/api/todos', mcp).href }) }
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
