// Payloads of the sign-in provider's records, sealed under their own id. The database has only the digests of tokens, codes
// and cookies, so a reader of it finds neither the token nor what it grants.
import { createSealing, digest, type Sealing } from '@crosswalk/as-core'

type Payload = Readonly<Record<string, unknown>>

export interface RecordName {
  readonly model: string
  /** Long and random */
  readonly id: string
}

const LABEL = 'sign-in-record'

/**
 * Kinds that are found by something else than their id: of these only the members named here are sealed. The id of a
 * grant is in no token and no cookie. What a user consented to is no secret.
 */
const SECRET_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Session: ['jti', 'state'],
  Grant: [],
  ResourceConsent: [],
}

export function renderPayload(name: RecordName, payload: Payload): string {
  const members = SECRET_MEMBERS[name.model] ?? Object.keys(payload)
  const secret = Object.entries(payload).filter(([member]) => members.includes(member))
  const readable = Object.entries(payload).filter(([member]) => !members.includes(member))
  const sealed = secret.length === 0 ? {} : { sealed: seal(name, Object.fromEntries(secret)) }
  return JSON.stringify({ ...Object.fromEntries(readable), ...sealed })
}

/** @param name - undefined where the id is not known: then what is sealed is left out */
export function parsePayload(text: string, name?: RecordName): Record<string, unknown> {
  const { sealed, ...readable } = JSON.parse(text) as Record<string, unknown>
  if (typeof sealed !== 'string' || name === undefined) return readable
  return { ...readable, ...(JSON.parse(sealingOf(name).open(LABEL, name.model, sealed)) as Payload) }
}

function seal(name: RecordName, payload: Payload): string {
  return sealingOf(name).seal(LABEL, name.model, JSON.stringify(payload))
}

/** A digest of the id, other than the one it is filed under, is a key that only those have who have the id. */
function sealingOf({ model, id }: RecordName): Sealing {
  return createSealing(Buffer.from(digest(JSON.stringify([LABEL, model, id])), 'base64url'))
}
