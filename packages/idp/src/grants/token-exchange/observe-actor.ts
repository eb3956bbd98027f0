// Observes the actor token: the app it claims to be from, and whether a registered key of that app signed it. Reports
// facts only; without the actor profile, the token is ignored.
import {
  findIssuerKey,
  type IssuerKeys,
  replayKeyDigest,
  observeJwt,
  type TokenRequest,
  type ReplayKey,
} from '@crosswalk/as-core'
import { type ActorFact, type ExchangeSnapshot, findActorKeys } from '@crosswalk/policy'
import { ASYMMETRIC_ALGORITHMS, type ClientFact, findReplayEnd, isVerified } from '@crosswalk/protocol'

export interface ActorQuestion {
  readonly request: Pick<TokenRequest, 'form'>
  readonly client: ClientFact
}

export async function observeActor(
  { request: { form }, client }: ActorQuestion,
  { actorProfile, apps, issuer }: ExchangeSnapshot,
  issuerKeys: IssuerKeys,
): Promise<ActorFact | undefined> {
  const text = form.get('actor_token')
  const tokenType = form.get('actor_token_type')
  if (actorProfile !== 'enabled' || client.state === 'refused') return undefined
  if (text === undefined || tokenType === undefined) return { tokenType, token: undefined, replayed: false }
  const token = await observeJwt(text, ({ claims, header }) => {
    const app = typeof claims.iss === 'string' ? apps.get(claims.iss) : undefined
    const keys = app === undefined ? undefined : findActorKeys(app)
    if (app === undefined || keys === undefined) return undefined
    const { jwks, jwksUri } = keys
    return {
      algorithms: ASYMMETRIC_ALGORITHMS,
      find: () =>
        findIssuerKey(issuerKeys, {
          // The same keys as for the app's client assertions, never the keys of an issuer (SEC-04).
          issuer: `client:${issuer} ${app.id}`,
          kid: header.kid,
          algorithm: header.alg,
          jwks,
          jwksUri,
        }),
    }
  })
  return { tokenType, token, replayed: false }
}

/** @returns the replay key of an accepted actor token */
export function actorReplayKeys(
  actor: ActorFact | undefined,
  { issuer, clockSkewSeconds }: Pick<ExchangeSnapshot, 'issuer' | 'clockSkewSeconds'>,
): readonly ReplayKey[] {
  if (!isVerified(actor?.token)) return []
  const { iss, jti, exp } = actor.token.claims
  return [
    {
      kind: 'actor-token',
      key: replayKeyDigest('actor-token', String(jti), issuer, String(iss)),
      expiresAt: findReplayEnd(Number(exp), clockSkewSeconds),
    },
  ]
}
