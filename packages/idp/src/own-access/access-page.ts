// Where a person whose app was refused can ask for access, as the app is told it (`error_uri`, RFC 6749 section 5.2). Says
// nothing but what the app sent itself, and the same for every refusal of one kind, whatever is behind it.
import type { DecisionRecord } from '@crosswalk/protocol'

import { OWN_ACCESS_PATH } from './own-access-app.ts'

export const ASK_PATH = `${OWN_ACCESS_PATH}/ask`

/** Of one error on the wire, all or none: which of them it was shows to administrators only. */
const ASKING_HELPS: ReadonlySet<string> = new Set(['access_denied', 'invalid_scope'])
/** A scope that nobody can have, as the app can see by itself */
const MALFORMED_SCOPE = 'XAA1606'

/** Longer ones are not read by everybody, and an app may send a resource of any length. */
const MOST_CHARACTERS = 2048

/**
 * @param baseUrl - where the pages are; undefined: there are none
 * @returns the record with `error_uri` on the wire, where asking for access is a remedy
 */
export function nameAccessPage(record: DecisionRecord, baseUrl: string | undefined): DecisionRecord {
  const { wire, request } = record
  const app = request.requesting_app?.id
  if (baseUrl === undefined || app === undefined || record.code === MALFORMED_SCOPE) return record
  if (wire.error === undefined || !ASKING_HELPS.has(wire.error)) return record
  const [resource, ...others] = request.resource ?? []
  const query = new URLSearchParams({
    app,
    ...(others.length === 0 && resource !== undefined ? { resource } : {}),
  })
  const uri = `${baseUrl}${ASK_PATH}?${query}`
  return uri.length > MOST_CHARACTERS ? record : { ...record, wire: { ...wire, error_uri: uri } }
}
