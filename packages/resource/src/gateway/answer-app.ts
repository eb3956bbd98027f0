// The service's response as the app gets it: limited in size, without headers meant for the holder of the credential.
import type { ReleasedSecret } from './exchange-credential.ts'
import { createSecretMask } from './mask-secret.ts'
import { listNamed } from './forward-request.ts'

const DROPPED: ReadonlySet<string> = new Set([
  'alt-svc',
  'authentication-info',
  'clear-site-data',
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'public-key-pins',
  'set-cookie',
  'strict-transport-security',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
])

/** A `Response` with these statuses accepts no body, not even an empty one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

export function buildAppResponse(
  response: Response,
  { secret, maxBytes }: { readonly secret: ReleasedSecret; readonly maxBytes: number },
): Response {
  const mask = createSecretMask(secret.value, ...listPasswords(secret))
  const named = listNamed(response.headers)
  const headers = new Headers()
  response.headers.forEach((value, name) => {
    if (!DROPPED.has(name) && !named.has(name)) headers.append(name, mask.text(value))
  })
  // The response is for this user only.
  headers.set('cache-control', 'no-store')
  if (WITHOUT_BODY.has(response.status)) {
    void response.body?.cancel()
    return new Response(null, { status: response.status, headers })
  }
  const body = response.body?.pipeThrough(limit(maxBytes)).pipeThrough(mask.stream()) ?? null
  return new Response(body, { status: response.status, headers })
}

/** @returns the password of a Basic credential (RFC 7617), which a service may show by itself */
function listPasswords({ scheme, value }: Pick<ReleasedSecret, 'scheme' | 'value'>): readonly string[] {
  const [, encoded = ''] = /^ *basic +([\w+/=-]+) *$/i.exec(`${scheme} ${value}`) ?? []
  try {
    return [atob(encoded.replaceAll('-', '+').replaceAll('_', '/')).replace(/^[^:]*:?/, '')]
  } catch {
    return []
  }
}

function limit(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) controller.error(new RangeError(`the answer is over ${maxBytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
}
