// The texts of the authorization endpoint's pages.
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { type DecisionRecord, findOwn, type Granted } from '@crosswalk/protocol'

import type { AuthorizationRequest } from './authorization-request.ts'
import {
  type AuthorizationError,
  buildReturnUrl,
  readRequiredIssuer,
  type Return,
} from './authorization-response.ts'
import { listAsked } from './consent.ts'
import {
  buildConsentPage,
  buildContinuePage,
  buildErrorPage,
  buildProblemPage,
  buildRefusalPage,
  respondWithPage,
} from './pages.ts'
import type { SignedInUser } from './signed-in.ts'

export interface PageParts {
  readonly endpoint: string
  readonly app: string
}

interface AskedVisit extends PageParts {
  readonly asked: AuthorizationRequest
  readonly back: Return
  readonly client: { readonly id: string }
  readonly snapshot: RedemptionSnapshot
}

function readDisplayName({ definition, id }: RedemptionSnapshot): string {
  return definition.authorizationCode?.displayName ?? id
}

function buildSwitchUrl({ endpoint, asked }: AskedVisit): string {
  const again = new URLSearchParams(asked.query)
  again.set('prompt', 'login')
  return `${endpoint}/authorize?${again}`
}

/** The source of the app's name. */
function describeOrigin(clientId: string, { clients }: RedemptionSnapshot): string | undefined {
  if (clients.has(clientId)) return undefined
  return URL.canParse(clientId) ? new URL(clientId).host : 'an app that registered itself'
}

export function renderConsent(
  visit: AskedVisit,
  {
    user,
    granted,
    request,
  }: { readonly user: SignedInUser; readonly granted: Granted; readonly request: string },
): Promise<Response> {
  const { snapshot, client, app, back, endpoint } = visit
  const profile = user.account.state === 'found' || user.account.state === 'new' ? user.account.profile : {}
  const resources = Object.entries(listAsked(granted, snapshot)).map(([id, scopes]) => {
    const { name, scopeDescriptions } = snapshot.resources.get(id) ?? {}
    const described = scopes.map((scope) => ({
      name: scope,
      description: findOwn(scopeDescriptions, scope),
    }))
    return { name: name ?? id, scopes: described }
  })
  return respondWithPage(
    buildConsentPage({
      displayName: readDisplayName(snapshot),
      app,
      from: describeOrigin(client.id, snapshot),
      redirectUri: back.redirectUri,
      resources,
      user: profile?.email ?? profile?.name,
      action: `${endpoint}/consent`,
      request,
      switchUrl: buildSwitchUrl(visit),
    }),
  )
}

/** For when none of our pages came before, as after an earlier consent. */
export function renderContinue({ snapshot, app }: AskedVisit, url: string): Promise<Response> {
  return respondWithPage(buildContinuePage({ displayName: readDisplayName(snapshot), app, url }))
}

/**
 * Replaces a redirect to an unregistered app.
 * @param url - of the app, with the error
 */
export function renderError(
  { snapshot, client, app, back }: AskedVisit,
  { error, error_description: description }: AuthorizationError,
  url: string,
): Promise<Response> {
  return respondWithPage(
    buildErrorPage({
      displayName: readDisplayName(snapshot),
      app,
      from: describeOrigin(client.id, snapshot) ?? client.id,
      redirectUri: back.redirectUri,
      error,
      description,
      url,
    }),
  )
}

export function renderRefusal(
  visit: AskedVisit,
  record: DecisionRecord,
  refusal: AuthorizationError,
): Promise<Response> {
  const byCompany = record.code === 'XAA2505'
  const name = readDisplayName(visit.snapshot)
  return respondWithPage(
    buildRefusalPage({
      displayName: name,
      heading: byCompany ? 'Your company decides about this access' : 'You have no access here',
      text: byCompany
        ? `Your company allows access to ${name} through ${readRequiredIssuer(record)} only. Use an app that is connected there, or ask your IT administrator.`
        : `There is no active account for you at ${name}. Contact its support.`,
      backUrl: buildReturnUrl(visit.back, refusal),
      app: visit.app,
      switchUrl: buildSwitchUrl(visit),
      decisionId: record.decision_id,
      http: record.wire.http,
    }),
  )
}

const PROBLEMS = {
  client: {
    status: 400,
    heading: 'Unknown app',
    text: 'The app that sent you here is not registered. Contact its developer.',
  },
  'client-unreachable': {
    status: 503,
    heading: 'We could not read about this app',
    text: 'The app describes itself at its own address, which does not respond correctly now. Try again in a minute.',
  },
  'redirect-uri': {
    status: 400,
    heading: 'This app is not set up correctly',
    text: 'It requested a redirect to an address that is not registered. Contact its developer.',
  },
  'too-long': {
    status: 414,
    heading: 'We could not continue',
    text: 'The app sent a request that is too long. Contact its developer.',
  },
  expired: {
    status: 400,
    heading: 'This page has expired',
    text: 'Go back to the app and start again.',
  },
  foreign: {
    status: 403,
    heading: 'Request rejected',
    text: 'The form was sent from another site. Go back to the app and start again.',
  },
  'sign-in': {
    status: 502,
    heading: 'We could not sign you in',
    text: 'Your sign-in did not succeed. Try again, or contact the support of this service.',
  },
} as const

export function renderProblem(
  { snapshot }: { snapshot(): RedemptionSnapshot },
  problem: keyof typeof PROBLEMS,
  detail?: string,
  retryUrl?: string,
): Promise<Response> {
  const displayName = readDisplayName(snapshot())
  return respondWithPage(buildProblemPage({ displayName, ...PROBLEMS[problem], detail, retryUrl }))
}
