// How long a request body may be, by path, before anything reads it. What a route itself takes may be less.
import { ADMIN_API_PATH, EVALUATION_PATH, MAX_DOCUMENT_BYTES } from '@crosswalk/admin-api'
import { MAX_SCIM_BYTES, SCIM_PATH } from '@crosswalk/control'

export interface BodyLimit {
  readonly mostBytes: number
  /**
   * true: handed on while it arrives, since the caller is not known yet; false: received whole before it is read
   */
  readonly streamed: boolean
}

/** 64 KiB: far above any form or token request */
const USUAL: BodyLimit = { mostBytes: 65_536, streamed: false }
/** Documents of configuration; each route of the admin API has a limit of its own below this. */
const OF_DOCUMENTS: BodyLimit = { mostBytes: MAX_DOCUMENT_BYTES, streamed: true }

/** Groups with all their members. */
const OF_SCIM: BodyLimit = { mostBytes: MAX_SCIM_BYTES, streamed: true }

/** @param target - path and query as the request line has them */
export function findBodyLimit(target: string): BodyLimit {
  const path = target.split('?', 1)[0] ?? ''
  if (path.startsWith(`${SCIM_PATH}/`)) return OF_SCIM
  return path === EVALUATION_PATH || path.startsWith(`${ADMIN_API_PATH}/`) ? OF_DOCUMENTS : USUAL
}
