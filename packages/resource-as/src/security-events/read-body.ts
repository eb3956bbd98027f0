// Reads the body of a pushed security event, bounded, before any cryptography.
import { readAtMost } from '@crosswalk/as-core'
import { accept, refuse, type Result, SECURITY_EVENT_TYPE, type SetRefusal } from '@crosswalk/protocol'

/** As long as any JWT may be that is read here. */
const MAX_BODY_BYTES = 16 * 1024

/** @see RFC 8935 section 2.1 */
export async function readSecurityEventBody(request: Request): Promise<Result<string, SetRefusal>> {
  const invalid = (detail: string) => refuse({ error: 'invalid_request' as const, detail })
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== SECURITY_EVENT_TYPE) return invalid(`the content type is not ${SECURITY_EVENT_TYPE}`)
  const read = await readAtMost(request.body, MAX_BODY_BYTES)
  return read === undefined
    ? invalid(`the body is over ${MAX_BODY_BYTES} bytes`)
    : accept(read.toString('utf8').trim())
}
