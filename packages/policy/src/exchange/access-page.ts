// Where the user of a refused app can ask for access, as the app is told it (`error_uri`, RFC 6749 section 5.2). Says
// nothing but what the app sent itself, and the same for every refusal of one kind, whatever is behind it.
import { DECISION_CODES, type DecisionCode, type XaaCode } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts } from '../exchange-facts.ts'

/** Of one error on the wire, all or none: which of them it was shows to administrators only. */
const ASKING_HELPS: ReadonlySet<string> = new Set(['access_denied', 'invalid_scope'])
/** A scope that no one can have, as the app can see by itself */
const MALFORMED_SCOPE: XaaCode = 'XAA1606'

/** Longer ones are not read by everybody, and an app may send a resource of any length. */
const MAX_CHARACTERS = 2048

/** @returns the page for this app and its one resource, undefined where asking for access is no remedy */
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
