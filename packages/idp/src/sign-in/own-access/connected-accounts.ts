// The pages of connected accounts: the list with its forms, the redirect to a service, and the return.
import { isSameText } from '@crosswalk/as-core'

import { redirect, respondWithPage } from '../respond.ts'
import { OWN_ACCESS_PATH } from './own-access-app.ts'
import { redirectAfter, type OwnPage, type OwnVisit, readSource } from './own-visit.ts'
import { buildAccountsPage } from './pages/accounts-page.ts'

const PATH = '/accounts'
const STEPS = /^\/me\/accounts\/((?:[\w.:@-]|%3A|%40){1,256})\/(connect|return)$/i

export function findAccountsPage(path: string): OwnPage | undefined {
  if (path === OWN_ACCESS_PATH + PATH) return { show, submit }
  const [, id, step] = STEPS.exec(path) ?? []
  if (id === undefined) return undefined
  const resourceApp = decodeURIComponent(id)
  return { show: (visit) => (step === 'connect' ? leave(visit, resourceApp) : comeBack(visit, resourceApp)) }
}

async function show({ ctx, own, user, frame }: OwnVisit): Promise<void> {
  await respondWithPage(ctx, buildAccountsPage({ ...frame, accounts: await own.listAccounts(user.id) }))
}

async function submit(visit: OwnVisit, form: URLSearchParams): Promise<string> {
  const { own, user } = visit
  const resourceApp = form.get('resource_app') ?? ''
  if (form.get('act') !== 'store-key') {
    const problem = await own.disconnect(user.id, resourceApp, readSource(visit))
    return redirectAfter(visit, PATH, 'disconnected', problem)
  }
  const key = (form.get('key') ?? '').trim()
  const problem = await own.storeKey(user.id, { resourceApp, key }, readSource(visit))
  return redirectAfter(visit, PATH, 'connected', problem)
}

/** Another site could send the user here, and services often do not ask again once access is allowed. */
async function leave(visit: OwnVisit, resourceApp: string): Promise<void> {
  const { ctx, own, user, frame } = visit
  if (!isSameText(String(ctx.query['key'] ?? ''), frame.linkKey)) return redirect(ctx, frame.url(PATH))
  const begun = await own.connect(user.id, { resourceApp, session: frame.formKey })
  redirect(ctx, typeof begun === 'string' ? redirectAfter(visit, PATH, undefined, begun) : begun.url)
}

async function comeBack(visit: OwnVisit, resourceApp: string): Promise<void> {
  const { ctx, own, user, frame } = visit
  const returned = { resourceApp, session: frame.formKey, query: ctx.querystring }
  const problem = await own.finishConnect(user.id, returned, readSource(visit))
  redirect(ctx, redirectAfter(visit, PATH, 'connected', problem))
}
