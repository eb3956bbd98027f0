// What an app is granted without a consent screen: the requested scopes, if its user may use it. Allows
// `offline_access` without `prompt=consent`, and ends refresh tokens at sign-out but not when the session expires.
import type { AuthorizationCode, Client, Grant, KoaContextWithOIDC, Session } from 'oidc-provider'

import { revokeGrant } from './adapter.ts'
import type { SignInPorts } from '../contract.ts'
import { keepOfflineSession, renewSid } from './sessions.ts'
import { mayUseApp } from './prompts.ts'
import { errors } from './oidc-provider.ts'
import { bindToSession } from './session-end.ts'

const OFFLINE_ACCESS = 'offline_access'
/** The default for a request without scope (RFC 6749 section 3.3); the library would return `access_denied` */
const DEFAULT_SCOPE = 'openid'

/** Carries `offline_access` from a pushed request to its use; clients cannot set this parameter. */
export const OFFLINE_PARAMETER = 'crosswalk_offline_access'

type Params = Record<string, string | undefined>

/**
 * Restores `offline_access` if the library dropped it for lack of `prompt=consent` (OpenID Connect Core section 11
 * allows that if "other conditions" permit offline access; here, the administrator's assignment). A request without
 * scope gets the default first.
 */
export function keepOfflineAccess(ctx: KoaContextWithOIDC): void {
  const params = ctx.oidc.params as Params
  params['scope'] ??= DEFAULT_SCOPE
  const pushed = ctx.oidc.entities.PushedAuthorizationRequest !== undefined && ctx.method === 'GET'
  const asked = pushed ? params[OFFLINE_PARAMETER] !== undefined : asksFor(rawScope(ctx))
  params[OFFLINE_PARAMETER] = undefined
  if (!asked || ctx.oidc.client?.grantTypeAllowed('refresh_token') !== true) return
  params[OFFLINE_PARAMETER] = 'true'
  if (!asksFor(params['scope'])) params['scope'] = `${params['scope'] ?? ''} ${OFFLINE_ACCESS}`.trim()
}

/** Scopes that are not known are ignored; if no others are left, the library would ask the user to sign in, then deny. */
export function checkScope({ oidc }: KoaContextWithOIDC): void {
  if (oidc.requestParamOIDCScopes.size > 0) return
  throw new errors.InvalidScope('no requested scope is known', String(oidc.params?.['scope']))
}

function rawScope(ctx: KoaContextWithOIDC): unknown {
  return ctx.method === 'POST' ? ctx.oidc.body?.['scope'] : ctx.query['scope']
}

function asksFor(scope: unknown): boolean {
  return typeof scope === 'string' && scope.split(' ').includes(OFFLINE_ACCESS)
}

/** Finds or creates the grant of this app in this session, and extends it to the requested scopes and claims. */
export function createLoadGrant(ports: Pick<SignInPorts, 'apps' | 'isBlocked' | 'store'>) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, account, session, provider } = ctx.oidc
    if (client === undefined || account === undefined || session === undefined) return undefined
    if (!mayUseApp(ctx, ports)) return undefined
    const grantId = session.grantIdFor(client.clientId)
    const found = grantId === undefined ? undefined : await provider.Grant.find(grantId)
    const { accountId } = account
    const { clientId } = client
    const grant = found?.accountId === accountId ? found : new provider.Grant({ accountId, clientId })
    // What the former grant of this session led to has ended, and a new one must not bring it back.
    if (grant !== found && session.sidFor(clientId) !== undefined) renewSid(session, clientId)
    grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes])
    // The same claims that an app may request by scope (OpenID Connect Core section 5.5).
    grant.addOIDCClaims(ctx.oidc.requestParamClaims)
    // Without `exp`, its lifetime is counted from now.
    grant.exp = undefined
    bindToSession(grant, session)
    await grant.save()
    if (await hasEnded(session, ports)) {
      await revokeGrant(ports.store, grant.jti)
      return undefined
    }
    if (asksFor(grant.getOIDCScope())) await keepOfflineSession(ports.store, session, grant)
    return grant
  }
}

/** Whether a session has ended since it was read for this request. */
async function hasEnded({ iat, uid }: Session, { store }: Pick<SignInPorts, 'store'>): Promise<boolean> {
  return iat !== undefined && (await store.findByUid('Session', uid)) === undefined
}

/**
 * Sign-out ends everything. A refresh token for `offline_access` must survive when the session merely expires, so it is
 * the only token not bound to the session's lifetime.
 */
export async function issueRefreshToken(
  _ctx: KoaContextWithOIDC,
  client: Client,
  source: { scopes: Set<string> },
): Promise<boolean> {
  if (!client.grantTypeAllowed('refresh_token') || !source.scopes.has(OFFLINE_ACCESS)) return false
  ;(source as AuthorizationCode).expiresWithSession = false
  return true
}
