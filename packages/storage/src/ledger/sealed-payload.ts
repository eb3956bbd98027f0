// Seals payloads of the sign-in provider's records under their own id. The database stores only digests of tokens,
// codes and cookies, so reading it reveals neither a token nor what it grants.
import { createSealing, digest, type Sealing } from '@crosswalk/as-core'

type Payload = Readonly<Record<string, unknown>>

export interface RecordName {
  readonly model: string
  /** A long random id */
  readonly id: string
}

const LABEL = 'sign-in-record'

/**
 * Models whose records are found by something other than their id; only these members are sealed. No token or cookie
 * contains the id of a grant, and a user's consents are not secret.
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

/** @param name - undefined if the id is unknown; then sealed members are omitted */
export function parsePayload(text: string, name?: RecordName): Record<string, unknown> {
  const { sealed, ...readable } = JSON.parse(text) as Record<string, unknown>
  if (typeof sealed !== 'string' || name === undefined) return readable
  return { ...readable, ...(JSON.parse(sealingOf(name).open(LABEL, name.model, sealed)) as Payload) }
}

function seal(name: RecordName, payload: Payload): string {
  return sealingOf(name).seal(LABEL, name.model, JSON.stringify(payload))
}

/** The key is a second digest of the id, different from the stored one, so only holders of the id can compute it. */
function sealingOf({ model, id }: RecordName): Sealing {
  return createSealing(Buffer.from(digest(JSON.stringify([LABEL, model, id])), 'base64url'))
}
