// Checks that both ends of the authorization code flow share: whether the client and the user may use it.
import { GRANT_TYPE, parseScope, type ResourceClientDefinition } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { AccountFact } from '../redemption-facts.ts'
import type { RedemptionSnapshot } from '../redemption-snapshot.ts'
import { checkAccount } from './account-checks.ts'
import { findRequiredIssuer, type UserOrigin } from './id-jag-only.ts'

export function checkCodeClient(
  list: Checklist,
  client: ResourceClientDefinition | undefined,
  { definition }: RedemptionSnapshot,
): void {
  const allowed =
    definition.authorizationCode !== undefined &&
    client?.active === true &&
    (client.redirectUris ?? []).length > 0 &&
    (client.grantTypes === undefined || client.grantTypes.includes(GRANT_TYPE.authorizationCode))
  if (allowed) list.pass('client.grant')
  else list.fail('client.grant', 'XAA2102', { expected: 'an enabled client with this grant' })
}

/** @returns the id of the account; undefined if no account can be used, or before the user has signed in */
export function checkUser(
  list: Checklist,
  { account, origin }: { readonly account: AccountFact; readonly origin?: UserOrigin | undefined },
  snapshot: RedemptionSnapshot,
): string | undefined {
  if (account.state === 'not-looked-up') {
    list.notApplicable('account')
    return undefined
  }
  const accountId = checkAccount(list, account)
  if (origin === undefined) return accountId
  const required = findRequiredIssuer(snapshot, origin)
  if (required === undefined) list.pass('account.issuer')
  else list.fail('account.issuer', 'XAA2505', { expected: required.issuer })
  return accountId
}

/** The requested resources or, if none is named, this server's only one (RFC 8707 section 2). */
export function checkAskedResource(
  list: Checklist,
  asked: readonly string[],
  { resources }: RedemptionSnapshot,
): readonly string[] | undefined {
  const served = [...resources.keys()]
  const wanted = asked.length > 0 ? [...new Set(asked)] : served
  if (
    wanted.length === 0 ||
    wanted.some((id) => !resources.has(id)) ||
    (asked.length === 0 && served.length > 1)
  ) {
    list.fail('authorization.resource', 'XAA2217', { expected: served, actual: asked })
    return undefined
  }
  list.pass('authorization.resource', { actual: wanted })
  return wanted
}

/**
 * Every scope of the resources if none is requested; otherwise the requested ones that they define (RFC 6749 section
 * 3.3).
 */
export function checkAskedScope(
  list: Checklist,
  { scope: text, resource }: { readonly scope: string | undefined; readonly resource: readonly string[] },
  { resources }: RedemptionSnapshot,
): readonly string[] {
  const asked = parseScope(text ?? '')
  if (!asked.accepted) {
    list.fail('authorization.scope', 'XAA2404', { expected: 'well-formed scope' })
    return []
  }
  const served = [...new Set(resource.flatMap((id) => resources.get(id)?.scopes ?? []))]
  const granted = asked.value.length === 0 ? served : asked.value.filter((one) => served.includes(one))
  if (granted.length > 0 || (asked.value.length === 0 && served.length === 0))
    list.pass('authorization.scope', { actual: granted })
  else list.fail('authorization.scope', 'XAA2403', { expected: served, actual: asked.value })
  return granted
}
