// The page on which the user of a refused app can request access, sent to the app as `error_uri` (RFC 6749 section
// 5.2).
// It reveals nothing beyond what the app sent, and is the same for every cause of one wire error.
import { DECISION_CODES, type DecisionCode, type XaaCode } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'

/** All codes of a wire error or none, so that the app cannot tell them apart; only administrators see the code. */
const ASKING_HELPS: ReadonlySet<string> = new Set(['access_denied', 'invalid_scope'])
/** A scope that no user can have; the app can see this itself */
const MALFORMED_SCOPE: XaaCode = 'XAA1606'

/** Not every browser accepts longer ones, and an app may send a resource of any length. */
const MAX_CHARACTERS = 2048

/** @returns the page for this app and its one resource; undefined if requesting access would not help */
export function buildAccessPageUri(
  list: Checklist,
  { accessPage, client, request }: ExchangeFacts,
): string | undefined {
  const code = list.failure()?.code
  if (accessPage === undefined || code === undefined || client.clientId === undefined) return undefined
  const { error }: DecisionCode = DECISION_CODES[code]
  if (error === undefined || !ASKING_HELPS.has(error) || code === MALFORMED_SCOPE) return undefined
  const [resource, ...others] = request.resource
  const about = resource === undefined || others.length > 0 ? '' : `&resource=${encodeURIComponent(resource)}`
  const uri = `${accessPage}?app=${encodeURIComponent(client.clientId)}${about}`
  return uri.length > MAX_CHARACTERS ? undefined : uri
}
