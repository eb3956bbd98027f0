// The pages where users see which apps may act for them, stop an app, request access, and read why access was denied.
// For users with a session here; plain forms, each with a key of that session. `OwnAccess` provides the data and
// actions.
import { createHmac } from 'node:crypto'
import { isSameText } from '@crosswalk/as-core'
import { isUsableText } from '@crosswalk/protocol'

import { buildActingPage } from './pages/acting-page.ts'
import { buildBlockedPage, buildUnknownBlockPage } from './pages/blocked-page.ts'
import { buildRequestsPage } from './pages/requests-page.ts'
import type { User } from '../../ports.ts'
import { findBrowserSession } from '../browser-session.ts'
import { checkMethod, ExpectedError } from '../expected-error.ts'
import { readForm } from '../forms.ts'
import { type Context, redirect, respondWithPage } from '../respond.ts'
import type { Interactions } from '../visit.ts'
import { findAccountsPage } from './connected-accounts.ts'
import type { OwnAccess } from './contract.ts'
import {
  ASK_PATH,
  buildSignInUrl,
  OWN_ACCESS_CLIENT_ID,
  OWN_ACCESS_PATH,
  readReturnTarget,
  RETURN_PATH,
} from './own-access-app.ts'
import { redirectAfter, type OwnPage, type OwnVisit, readSource } from './own-visit.ts'

const PAGES: ReadonlyMap<string, OwnPage> = new Map([
  [OWN_ACCESS_PATH, { show: showActing, submit: submitActing }],
  [`${OWN_ACCESS_PATH}/requests`, { show: showRequests, submit: submitRequests }],
  [`${OWN_ACCESS_PATH}/blocked`, { show: showBlocked, submit: submitBlocked }],
  [ASK_PATH, { show: leadToBlocked }],
])

/** @returns false if the path is not one of these pages, or there are no such pages */
export async function serveOwnAccess(ctx: Context, interactions: Interactions): Promise<boolean> {
  const own = interactions.ports.ownAccess?.()
  const page = PAGES.get(ctx.path) ?? findAccountsPage(ctx.path)
  if (own === undefined || (page === undefined && ctx.path !== RETURN_PATH)) return false
  checkMethod(ctx, ['GET', 'HEAD', ...(page?.submit === undefined ? [] : ['POST'])])
  checkText(new URLSearchParams(ctx.querystring))
  const signedIn = await findSignedIn(ctx, interactions)
  if (page === undefined) leadBack(ctx, interactions, signedIn !== undefined)
  else if (signedIn === undefined)
    redirect(ctx, buildSignInUrl(interactions.baseUrl, ctx.method === 'POST' ? ctx.path : ctx.url))
  else await servePage(page, buildVisit(ctx, interactions, { own, ...signedIn }), interactions)
  return true
}

/** Any parameter may be looked up in the database, which cannot hold every text. */
function checkText(parameters: URLSearchParams): void {
  if (![...parameters.values()].every(isUsableText))
    throw new ExpectedError(400, 'invalid_request', 'a parameter contains U+0000')
}

interface SignedIn {
  readonly user: User
  readonly formKey: string
  readonly linkKey: string
}

async function findSignedIn(ctx: Context, interactions: Interactions): Promise<SignedIn | undefined> {
  const session = await findBrowserSession(ctx, interactions)
  // A block leaves the session alone. The sign-in page explains that this user has no access.
  if (session === undefined || interactions.ports.isBlocked(session.user.id, OWN_ACCESS_CLIENT_ID))
    return undefined
  // Only the page contains it, although apps know the session by its uid.
  const makeKey = (name: string) =>
    createHmac('sha256', interactions.formSecret).update(`${name} ${session.uid}`).digest('base64url')
  return { user: session.user, formKey: makeKey('own-access'), linkKey: makeKey('own-access-link') }
}

/** Prevents a redirect loop if a sign-in leaves no session. */
function leadBack(ctx: Context, { baseUrl }: Interactions, isSignedIn: boolean): void {
  if (!isSignedIn) throw new ExpectedError(400, 'session_expired', 'no user is signed in to this browser')
  redirect(ctx, `${baseUrl}${readReturnTarget(ctx.query['state'])}`)
}

function buildVisit(
  ctx: Context,
  { baseUrl, displayName }: Interactions,
  { user, formKey, linkKey, own }: SignedIn & { readonly own: OwnAccess },
): OwnVisit {
  const notice = ctx.query['done']
  const frame = {
    displayName,
    name: user.name ?? user.username,
    username: user.username,
    path: ctx.path,
    url: (path: string) => `${baseUrl}${OWN_ACCESS_PATH}${path}`,
    signOutUrl: `${baseUrl}/session/end`,
    switchUrl: buildSignInUrl(baseUrl, ctx.url, { again: true }),
    formKey,
    linkKey,
    notice: typeof notice === 'string' ? notice : undefined,
  }
  return { ctx, user, own, baseUrl, frame }
}

async function servePage(
  page: OwnPage,
  visit: OwnVisit,
  { baseUrl, ownChanges }: Interactions,
): Promise<void> {
  const { ctx, frame, user } = visit
  if (page.submit === undefined || ctx.method !== 'POST') return page.show(visit)
  const form = await readForm(ctx, baseUrl)
  checkText(form)
  if (!isSameText(form.get('form_key') ?? '', frame.formKey))
    throw new ExpectedError(403, 'cross_site_request', 'the form belongs to another sign-in')
  // Each change is recorded, and most of them compile all definitions again.
  const isTooFast = ownChanges?.count(user.id) !== undefined
  redirect(ctx, isTooFast ? redirectAfter(visit, '', 'too-fast', undefined) : await page.submit(visit, form))
}

async function showActing({ ctx, own, user, frame }: OwnVisit): Promise<void> {
  const [connections, acts] = await Promise.all([own.listConnections(user.id), own.listActivity(user.id)])
  await respondWithPage(ctx, buildActingPage({ ...frame, connections, acts }))
}

async function submitActing(visit: OwnVisit, form: URLSearchParams): Promise<string> {
  const { own, user } = visit
  if (form.has('report')) return submitReport(visit, form)
  const again = form.get('act') === 'allow-again'
  const connection = form.get('connection') ?? ''
  const problem = again
    ? await own.allowAgain(user.id, connection, readSource(visit))
    : await own.stop(user.id, connection, readSource(visit))
  return redirectAfter(visit, '', again ? 'allowed-again' : 'stopped', problem)
}

async function submitReport(visit: OwnVisit, form: URLSearchParams): Promise<string> {
  const text = readAnswer(form, 'report')
  if (text === '') return redirectAfter(visit, '', 'report-missing', undefined)
  const report = { decisionId: form.get('decision') ?? '', text }
  const problem = await visit.own.report(visit.user.id, report, readSource(visit))
  return redirectAfter(visit, '', 'reported', problem)
}

async function showRequests({ ctx, own, user, frame }: OwnVisit): Promise<void> {
  await respondWithPage(ctx, buildRequestsPage({ ...frame, requests: await own.listRequests(user.id) }))
}

async function submitRequests(visit: OwnVisit, form: URLSearchParams): Promise<string> {
  const { own, user } = visit
  const id = form.get('request') ?? ''
  if (!form.has('answer')) {
    const problem = await own.cancelRequest(user.id, id, readSource(visit))
    return redirectAfter(visit, '/requests', 'canceled', problem)
  }
  const text = readAnswer(form, 'answer')
  if (text === '') return redirectAfter(visit, '/requests', 'answer-missing', undefined)
  const problem = await own.answerRequest(user.id, { id, text }, readSource(visit))
  return redirectAfter(visit, '/requests', 'answered', problem)
}

async function showBlocked({ ctx, own, user, frame }: OwnVisit): Promise<void> {
  const decision = ctx.query['decision']
  const id = typeof decision === 'string' ? decision : ''
  const refusal = id === '' ? undefined : await own.findRefusal(user.id, id)
  const page =
    refusal === undefined
      ? buildUnknownBlockPage({ ...frame, decisionId: id.slice(0, 64) })
      : buildBlockedPage({ ...frame, refusal })
  await respondWithPage(ctx, page)
}

/** Finds the denial. The app does not know its id, because its response is the same for all users. */
async function leadToBlocked({ ctx, own, user, frame }: OwnVisit): Promise<void> {
  const [app, resource] = [ctx.query['app'], ctx.query['resource']].map((one) =>
    typeof one === 'string' ? one : undefined,
  )
  const decision = app === undefined ? undefined : await own.findLastRefusal(user.id, { app, resource })
  if (decision === undefined) await respondWithPage(ctx, buildUnknownBlockPage({ ...frame, decisionId: '' }))
  else redirect(ctx, frame.url(`/blocked?decision=${encodeURIComponent(decision)}`))
}

const MAX_ANSWER_CHARACTERS = 500

function readAnswer(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').trim().slice(0, MAX_ANSWER_CHARACTERS)
}

/** @returns undefined for access without an end; NaN is never offered */
function readDays(form: URLSearchParams): number | undefined {
  const text = form.get('days') ?? ''
  return text === '' ? undefined : Number(text)
}

async function submitBlocked(visit: OwnVisit, form: URLSearchParams): Promise<string> {
  const decisionId = form.get('decision') ?? ''
  const reason = readAnswer(form, 'reason')
  const back = `/blocked?decision=${encodeURIComponent(decisionId)}`
  if (reason === '') return redirectAfter(visit, back, 'reason-missing', undefined)
  const wanted = { decisionId, scopes: form.getAll('scope'), days: readDays(form), reason }
  const problem = await visit.own.ask(visit.user.id, wanted, readSource(visit))
  return problem === undefined || problem === 'asked-already'
    ? redirectAfter(visit, '/requests', 'asked', problem)
    : redirectAfter(visit, back, undefined, problem)
}
