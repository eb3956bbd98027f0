// Gets the access token for a session and a target: cached, or by both exchanges. Retries are rare (CLI-14 to CLI-17):
// a refusal is a result, not a reason to try another way.
import { exchange, type ExchangeDependencies, type IdJag, type Target } from './exchange.ts'
import type { Expiring } from './expiring-cache.ts'
import { type AccessToken, redeem } from './redemption.ts'
import { askSubject, type Session, type Subject } from './session.ts'
import type { SessionState } from './session-states.ts'
import { GrantRefused, SignInAgain, type StepUpFailed, StepUpRequired, Unavailable } from './xaa-error.ts'

export interface TokenRequestContext extends ExchangeDependencies {
  readonly session: Session
  readonly state: SessionState
  readonly target: Target
  /** Issuers that refused an ID-JAG they had accepted before: from then on they always get a new one */
  readonly singleUseServers: Set<string>
}

/** A token, and how to drop it when the resource refuses it. */
export interface HeldToken {
  readonly token: AccessToken
  /** The servers may have granted less */
  readonly requestedScope: readonly string[]
  readonly forget: () => void
  /** The error to throw if the resource requires a better sign-in than the one behind the token */
  readonly judgeStepUp: (error: StepUpRequired) => StepUpRequired | StepUpFailed
  /** Records that the resource accepted the sign-in behind the token. */
  readonly meetStepUp: () => void
}

const BACK_OFF_MS = 500
/** One replacement for an expired token, and one for a rejected one after it. */
const MAX_OTHER_SIGN_INS = 2
const MAX_WAIT_SECONDS = 10

/** @throws SignInAgain if no user is signed in; otherwise the refusal of either server */
export async function obtainToken(context: TokenRequestContext): Promise<HeldToken> {
  let subject = await askSubject(context.session, 'use')
  if (subject === undefined) throw new SignInAgain({ code: 'XAA5002' })
  for (let others = 0; ; others += 1) {
    try {
      return await obtainFor(context, subject)
    } catch (error) {
      if (!(error instanceof SubjectChanged)) throw error
      // After too many changes of sign-in, the last refusal is thrown.
      if (others === MAX_OTHER_SIGN_INS) throw error.refusal
      // The session returned another sign-in, whose tokens are cached separately.
      subject = error.subject
    }
  }
}

async function obtainFor(context: TokenRequestContext, subject: Subject): Promise<HeldToken> {
  const { state, target } = context
  const { resource } = target
  const key = buildKey(context, subject)
  const token = await state.tokens
    .get(key, () => obtainAccessToken(context, subject, key))
    .catch((error: unknown) => {
      if (!(error instanceof StepUpRequired)) throw error
      throw state.stepUps.judge(error, { asker: 'servers', resource }, subject)
    })
  state.stepUps.meet({ asker: 'servers', resource })
  return {
    token,
    requestedScope: target.scope,
    forget: () => state.tokens.drop(key, token),
    judgeStepUp: (error) => state.stepUps.judge(error, { asker: 'resource', resource }, subject),
    meetStepUp: () => state.stepUps.meet({ asker: 'resource', resource }),
  }
}

/** All properties that make a token unfit for another use (CLI-20); each session has separate state. */
function buildKey({ idp, target }: TokenRequestContext, subject: Subject): string {
  const { server, registration, resource, scope, dpop } = target
  return JSON.stringify([
    idp.issuer,
    subject.key,
    server.issuer,
    registration.clientId,
    resource,
    [...scope].sort(),
    dpop?.jkt,
  ])
}

/** Only thrown within this file. */
class SubjectChanged extends Error {
  readonly subject: Subject
  /** Why the previous token is not valid */
  readonly refusal: SignInAgain

  constructor(subject: Subject, refusal: SignInAgain) {
    super('the session returned the token of another sign-in')
    this.subject = subject
    this.refusal = refusal
  }
}

async function obtainAccessToken(
  context: TokenRequestContext,
  subject: Subject,
  key: string,
): Promise<Expiring<AccessToken>> {
  const token = await redeemOrRenew(context, await renewIfExpired(context, subject), key)
  return { value: token, expiresAtMs: findEnd(token.expiresAt, context) }
}

/** A token counts as expired `skew` before its end, but not in the first half of its lifetime. */
function findEnd(expiresAt: number, { runtime }: TokenRequestContext): number {
  const nowMs = runtime.nowMs()
  const lifetimeMs = expiresAt * 1000 - nowMs
  return expiresAt * 1000 - Math.min(runtime.clockSkewSeconds * 1000, lifetimeMs / 2)
}

async function renewIfExpired(context: TokenRequestContext, subject: Subject): Promise<Subject> {
  const nowSeconds = context.runtime.nowMs() / 1000
  if (subject.expiresAt === undefined || subject.expiresAt > nowSeconds) return subject
  const expired = new SignInAgain({ code: 'XAA1202', leg: 'exchange' })
  return await askAgain(context, subject, { reason: 'expired', refusal: expired })
}

/**
 * @returns another token of the same sign-in
 * @throws the refusal if the session has none, SubjectChanged if its token is of another sign-in
 */
async function askAgain(
  { session, runtime }: TokenRequestContext,
  subject: Subject,
  { reason, refusal }: { readonly reason: 'expired' | 'rejected'; readonly refusal: SignInAgain },
): Promise<Subject> {
  const renewed = await askSubject(session, reason)
  if (renewed === undefined || renewed.token.reveal() === subject.token.reveal()) throw refusal
  if (renewed.expiresAt !== undefined && renewed.expiresAt <= runtime.nowMs() / 1000) throw refusal
  // A refresh token does not identify its sign-in, and may rotate; the id of a session identifies one user.
  const isSame = renewed.key === subject.key || (session.id !== undefined && renewed.type === 'refresh_token')
  if (!isSame) throw new SubjectChanged(renewed, refusal)
  return renewed
}

async function redeemOrRenew(
  context: TokenRequestContext,
  subject: Subject,
  key: string,
): Promise<AccessToken> {
  const { grant, reused } = await findGrant(context, subject, key)
  try {
    return await redeem(context, grant, { target: context.target, sentBefore: reused })
  } catch (error) {
    const again = (reused && error instanceof GrantRefused) || error instanceof Unavailable
    if (!again) throw error
    context.state.idJags.drop(key, grant)
    if (reused && error instanceof GrantRefused) context.singleUseServers.add(context.target.server.issuer)
    if (error instanceof Unavailable) await backOff(context, error)
    const fresh = await exchangeOnce(context, subject)
    return await redeem(context, fresh, { target: context.target, sentBefore: false })
  }
}

async function backOff({ runtime }: TokenRequestContext, error: Unavailable): Promise<void> {
  const { retryAfterSeconds } = error
  if (retryAfterSeconds !== undefined && retryAfterSeconds > MAX_WAIT_SECONDS) throw error
  await runtime.sleepMs(retryAfterSeconds === undefined ? BACK_OFF_MS : retryAfterSeconds * 1000)
}

/** An ID-JAG is cached only for a server that is known to accept it again (CLI-16). */
async function findGrant(context: TokenRequestContext, subject: Subject, key: string) {
  const { server, registration } = context.target
  if (registration.reusesIdJag !== true || context.singleUseServers.has(server.issuer))
    return { grant: await exchangeOnce(context, subject), reused: false }
  let reused = true
  const grant = await context.state.idJags.get(key, async () => {
    reused = false
    const value = await exchangeOnce(context, subject)
    return { value, expiresAtMs: findEnd(value.expiresAt, context) }
  })
  return { grant, reused }
}

/** Leg 1; if the subject token is refused, the session is asked once for a better one. */
async function exchangeOnce(context: TokenRequestContext, subject: Subject): Promise<IdJag> {
  try {
    return await exchange(context, subject, context.target)
  } catch (error) {
    if (!(error instanceof SignInAgain)) throw error
    const renewed = await askAgain(context, subject, { reason: 'rejected', refusal: error })
    return await exchange(context, renewed, context.target)
  }
}
