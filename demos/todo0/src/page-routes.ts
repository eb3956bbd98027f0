// Todo0's page as a web app. It is a client of Todo0's own API like Agent0: only the vendor's authorization server
// decides which account the signed-in user has.
import { type Agent, clientSecret, type ResourceAccess, xaa, SignInAgain, XaaError } from '@crosswalk/client'
import {
  addSignInRoutes,
  createFormToken,
  createPageRenderer,
  createSessions,
  createSignIn,
  isFormToken,
  type SignedIn,
} from '@crosswalk/demo-kit'
import type { Context, Hono } from 'hono'

import { readShow, renderProblem, renderTodos, renderWelcome } from './todo-page.ts'
import { TODO_MARK, TODO_STYLE } from './todo-style.ts'
import type { Todo } from './todos.ts'

export interface PageOptions {
  readonly baseUrl: string
  readonly idpIssuer: string
  readonly clientSecret: string
  /** Issuer of the vendor's authorization server, where the page is also registered */
  readonly vendorIssuer: string
  readonly secretAtVendor: string
}

interface PageSession {
  readonly signedIn: SignedIn
  readonly formToken: string
}

const CLIENT_ID = 'todo0-page'
const SESSION_IDLE_SECONDS = 8 * 3600

export function addPageRoutes(app: Hono, options: PageOptions): void {
  const sessions = createSessions<PageSession>({
    cookieName: 'todo0_session',
    idleSeconds: SESSION_IDLE_SECONDS,
  })
  const render = createPageRenderer({
    appName: 'Todo0',
    mark: TODO_MARK,
    style: TODO_STYLE,
    formTargets: [new URL(options.idpIssuer).origin],
  })
  const showProblem = (c: Context, text: string, title = 'You are not signed in') =>
    render(c, { title, status: 400, content: renderProblem(title, text) })
  const agent = createAgent(options)
  const todosOf = ({ signedIn }: PageSession) =>
    agent.as(signedIn.vault).at(`${options.baseUrl}/api`, { scope: ['todos.read', 'todos.write'] })

  addSignInRoutes(app, {
    signIn: createSignIn({
      issuer: options.idpIssuer,
      clientId: CLIENT_ID,
      clientSecret: options.clientSecret,
      redirectUri: `${options.baseUrl}/callback`,
      postLogoutRedirectUri: `${options.baseUrl}/`,
    }),
    sessions,
    attemptCookie: 'todo0_signin',
    baseUrl: options.baseUrl,
    createSession: (signedIn) => ({ signedIn, formToken: createFormToken() }),
    endSession: ({ signedIn }) => agent.as(signedIn.vault).forget(),
    renderProblem: showProblem,
  })

  app.get('/', async (c) => {
    const session = sessions.find(c)
    if (session === undefined) return render(c, { title: 'Welcome', content: renderWelcome() })
    return explainRefusals(c, async () => {
      const { formToken, signedIn } = session
      const show = readShow(c.req.query('show'))
      const todos = await readTodos(todosOf(session))
      const who = { name: signedIn.user.name, formToken }
      const content = renderTodos({ todos, formToken, show })
      return render(c, { title: 'Your todos', content, signedIn: who })
    })
  })

  app.post('/todos/:action{add|change}', async (c) => {
    const session = sessions.find(c)
    if (session === undefined) return c.redirect('/', 303)
    const form = await c.req.parseBody()
    if (!isFormToken(form['csrf'], session.formToken))
      return showProblem(c, 'This form was not sent from this site.', 'Nothing was changed')
    return explainRefusals(c, async () => {
      await applyForm(todosOf(session), form)
      const show = readShow(form['show'])
      return c.redirect(show === 'all' ? '/' : `/?show=${show}`, 303)
    })
  })

  function endSession(c: Context): Response | Promise<Response> {
    const session = sessions.find(c)
    if (session !== undefined) agent.as(session.signedIn.vault).forget()
    sessions.close(c)
    return render(c, { title: 'Welcome', content: renderWelcome() })
  }

  async function explainRefusals(c: Context, task: () => Promise<Response>): Promise<Response> {
    try {
      return await task()
    } catch (error) {
      // A user who signed out elsewhere is signed out here too; not an error.
      if (error instanceof SignInAgain) return endSession(c)
      if (!(error instanceof XaaError)) throw error
      const reference = error.decisionId === undefined ? '' : ` (decision ${error.decisionId})`
      return showProblem(c, `${error.userMessage}${reference}`, 'Todo0 cannot show your todos')
    }
  }
}

function createAgent({ idpIssuer, clientSecret: secret, vendorIssuer, secretAtVendor }: PageOptions): Agent {
  return xaa({
    idp: idpIssuer,
    client: { id: CLIENT_ID, auth: clientSecret(secret) },
    resources: { [vendorIssuer]: { clientId: CLIENT_ID, auth: clientSecret(secretAtVendor) } },
  })
}

async function readTodos(api: ResourceAccess): Promise<readonly Todo[]> {
  const response = await api.fetch('/todos')
  if (!response.ok) throw new Error(`GET /api/todos responded with ${response.status}`)
  return ((await response.json()) as { readonly todos: readonly Todo[] }).todos
}

/** Failed changes, such as finishing a todo that an agent has deleted, are visible in the list that follows. */
async function applyForm(
  api: ResourceAccess,
  { action, id, title }: Readonly<Record<string, unknown>>,
): Promise<void> {
  const send = (method: string, path: string, body?: object) =>
    api.fetch(path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const one = `/todos/${encodeURIComponent(String(id))}`
  switch (action) {
    case 'delete':
      await send('DELETE', one)
      break
    case 'rename':
      await send('PATCH', one, { title })
      break
    case 'finish':
    case 'reopen':
      await send('PATCH', one, { done: action === 'finish' })
      break
    default:
      await send('POST', '/todos', { title })
  }
}
