// Reads the body of a pushed security event, bounded, before any cryptography.
import { accept, refuse, type Result, SECURITY_EVENT_TYPE, type SetRefusal } from '@crosswalk/protocol'

/** As long as any JWT may be that is read here. */
const MAX_BODY_BYTES = 16 * 1024

/** @see RFC 8935 section 2.1 */
export async function readSecurityEventBody(request: Request): Promise<Result<string, SetRefusal>> {
  const invalid = (detail: string) => refuse({ error: 'invalid_request' as const, detail })
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== SECURITY_EVENT_TYPE) return invalid(`the content type is not ${SECURITY_EVENT_TYPE}`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) return invalid(`the body is over ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return accept(Buffer.concat(chunks).toString('utf8').trim())
}
