// A hypothetical exchange: the facts that its request would have, for the evaluator of the endpoint. Signature, session
// and credentials, which only a real request has, are assumed valid; everything else is judged.
import {
  ACTOR_TOKEN_TYP,
  type AppDefinition,
  type Chain,
  type ClientFact,
  type DecisionFrame,
  TOKEN_TYPE,
} from '@crosswalk/protocol'

import { describeWorkload, nameWorkload } from '../exchange/workload-checks.ts'
import type { ActorFact, ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'

export interface AssumedExchange extends DecisionFrame {
  /** `client_id` of the app */
  readonly app: string
  readonly userId: string
  /** Undefined if there is no such user */
  readonly user: ExchangeUser | undefined
  readonly audience: string
  readonly resource: readonly string[]
  readonly scope?: string | undefined
  readonly authorizationDetails?: string | undefined
  /** When the user signed in, in epoch seconds */
  readonly authTime?: number | undefined
  readonly acr?: string | undefined
  /** When the user's session ends, in epoch seconds; undefined if no end is known */
  readonly sessionEndsAt?: number | undefined
  /** When the ID token was issued, in epoch seconds; undefined: now */
  readonly tokenIssuedAt?: number | undefined
  /** Chain of the access token that the app exchanges; undefined for an ID token */
  readonly chain?: Chain | undefined
  /** Thumbprint of the key of a DPoP proof; undefined: no proof */
  readonly dpopThumbprint?: string | undefined
  readonly ip?: string | undefined
  /** The app as its metadata document describes it, if it is not registered */
  readonly describedApp?: AppDefinition | undefined
  /** Id of the app that proves to be the actor, by an actor token */
  readonly actor?: string | undefined
  /** Grants of the app for the user in the preceding hour; undefined if unknown, which fails every rule that counts */
  readonly volumeLastHour?: number | undefined
}

/** @returns the facts that the endpoint would observe, except for the assumed subject token */
export function assumeExchange(assumed: AssumedExchange, snapshot: ExchangeSnapshot): ExchangeFacts {
  const { decisionId, traceId, nowMs, mode, userId, authTime, acr, dpopThumbprint } = assumed
  const app = snapshot.apps.get(assumed.app)
  const isWorkload = userId === nameWorkload(assumed.app)
  return {
    decisionId,
    traceId,
    nowMs,
    mode,
    client: assumeClient(assumed, snapshot),
    describedApp: assumed.describedApp,
    dpop: dpopThumbprint === undefined ? { state: 'absent' } : { state: 'proved', jkt: dpopThumbprint },
    request: {
      audience: [assumed.audience],
      resource: assumed.resource,
      requestedTokenType: TOKEN_TYPE.idJag,
      subjectTokenType: nameTokenType(assumed, isWorkload),
      hasSubjectToken: true,
      hasActorToken: assumed.actor !== undefined,
      problems: [],
      ...(assumed.scope === undefined ? {} : { scope: assumed.scope }),
      ...(assumed.authorizationDetails === undefined
        ? {}
        : { authorizationDetails: assumed.authorizationDetails }),
    },
    subject: {
      kind: 'assumed',
      issuedAt: assumed.tokenIssuedAt,
      chain: assumed.chain,
      ...(isWorkload ? { isWorkload } : {}),
      signIn: {
        userId,
        ...(authTime === undefined || isWorkload ? {} : { authTime }),
        ...(acr === undefined || isWorkload ? {} : { acr }),
        ...(assumed.sessionEndsAt === undefined ? {} : { endsAt: assumed.sessionEndsAt }),
      },
    },
    user: isWorkload && app !== undefined ? describeWorkload(app) : assumed.user,
    actor: assumed.actor === undefined ? undefined : assumeActor(assumed.actor, assumed, snapshot),
    ip: assumed.ip,
    volumeLastHour: assumed.volumeLastHour,
  }
}

function nameTokenType({ chain }: AssumedExchange, isWorkload: boolean): string {
  if (isWorkload) return TOKEN_TYPE.jwt
  return chain === undefined ? TOKEN_TYPE.idToken : TOKEN_TYPE.accessToken
}

/** An app that is neither registered nor described is refused as at the endpoint. */
function assumeClient({ app, describedApp }: AssumedExchange, { apps }: ExchangeSnapshot): ClientFact {
  const registered = apps.get(app) ?? (describedApp?.id === app ? describedApp : undefined)
  return registered === undefined
    ? { state: 'refused', code: 'XAA1101', detail: 'unknown client' }
    : { state: 'authenticated', clientId: app, method: registered.auth.method }
}

/** The token that the app would have made for this client now. The evaluator refuses it if the app has no keys for it. */
function assumeActor(
  actor: string,
  { app, nowMs }: Pick<AssumedExchange, 'app' | 'nowMs'>,
  { issuer }: ExchangeSnapshot,
): ActorFact {
  const now = Math.floor(nowMs / 1000)
  return {
    tokenType: TOKEN_TYPE.jwt,
    token: {
      state: 'read',
      typ: ACTOR_TOKEN_TYP,
      algorithm: 'ES256',
      claims: {
        iss: actor,
        sub: actor,
        aud: issuer,
        client_id: app,
        iat: now,
        exp: now + 60,
        jti: 'assumed',
      },
      signature: 'valid',
    },
    replayed: false,
  }
}
