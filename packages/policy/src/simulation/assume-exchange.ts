// An exchange that nobody made: the facts of a request as it would be, for the evaluator of the endpoint. What only a
// real request has (signature, session, credentials) is taken as good; what is asked and by whom is not.
import { type ClientFact, type DecisionFrame, TOKEN_TYPE } from '@crosswalk/protocol'

import type { ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { Person } from '../people.ts'

export interface AssumedExchange extends DecisionFrame {
  /** `client_id` of the app */
  readonly app: string
  readonly userId: string
  /** Undefined where there is no such person */
  readonly user: Person | undefined
  readonly audience: string
  readonly resource: readonly string[]
  readonly scope?: string | undefined
  readonly authorizationDetails?: string | undefined
  /** When the person signed in, in epoch seconds */
  readonly authTime?: number | undefined
  readonly acr?: string | undefined
  /** Thumbprint of the key of a DPoP proof; undefined: no proof */
  readonly dpopThumbprint?: string | undefined
  readonly ip?: string | undefined
}

/** @returns the facts that the endpoint would observe of such a request, its subject token apart */
export function assumeExchange(assumed: AssumedExchange, snapshot: ExchangeSnapshot): ExchangeFacts {
  const { decisionId, traceId, nowMs, mode, userId, authTime, acr, dpopThumbprint } = assumed
  return {
    decisionId,
    traceId,
    nowMs,
    mode,
    client: assumeClient(assumed.app, snapshot),
    dpop: dpopThumbprint === undefined ? { state: 'absent' } : { state: 'proved', jkt: dpopThumbprint },
    request: {
      audience: [assumed.audience],
      resource: assumed.resource,
      requestedTokenType: TOKEN_TYPE.idJag,
      subjectTokenType: TOKEN_TYPE.idToken,
      hasSubjectToken: true,
      hasActorToken: false,
      problems: [],
      ...(assumed.scope === undefined ? {} : { scope: assumed.scope }),
      ...(assumed.authorizationDetails === undefined
        ? {}
        : { authorizationDetails: assumed.authorizationDetails }),
    },
    subject: {
      kind: 'assumed',
      signIn: {
        userId,
        ...(authTime === undefined ? {} : { authTime }),
        ...(acr === undefined ? {} : { acr }),
      },
    },
    user: assumed.user,
    ip: assumed.ip,
  }
}

/** An app that is not registered fails as it would at the endpoint. */
function assumeClient(app: string, { apps }: ExchangeSnapshot): ClientFact {
  const registered = apps.get(app)
  return registered === undefined
    ? { state: 'refused', code: 'XAA1101', detail: 'unknown client' }
    : { state: 'authenticated', clientId: app, method: registered.auth.method }
}
