// Restricts authorized requests to the resource and below, so that a token never goes elsewhere.
import { splitUrl } from '@crosswalk/protocol'

/** A request that can be repeated, unless its body can be read only once. */
export interface ResourceRequest {
  readonly url: string
  readonly method: string
  readonly init: RequestInit
  readonly repeatable: boolean
}

/**
 * @param base - URL of the resource
 * @param input - a path below it (`/todos`, `todos`, `?page=2`), an absolute URL at or below it, or a Request for one
 * @throws TypeError for a URL outside the resource
 */
export async function buildResourceRequest(
  base: string,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<ResourceRequest> {
  const whole = input instanceof Request ? await unfold(input, init) : init
  const url = resolveUrl(base, input instanceof Request ? input.url : String(input))
  const method = (whole.method ?? 'GET').toUpperCase()
  return { url, method, init: whole, repeatable: !isReadOnce(whole.body) }
}

/** A stream, or what Node.js accepts as one: repeated, an iterator that has ended would send an empty body. */
function isReadOnce(body: unknown): boolean {
  return body instanceof ReadableStream || Symbol.asyncIterator in Object(body)
}

async function unfold(request: Request, init: RequestInit): Promise<RequestInit> {
  const { method, headers, signal, redirect } = request
  const body = request.body === null ? {} : { body: await request.arrayBuffer() }
  return { method, headers, signal, redirect, ...body, ...init }
}

function resolveUrl(base: string, input: string): string {
  const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(input) ? input : joinPath(base, input))
  const root = new URL(base)
  const rootPath = root.pathname.replace(/\/$/, '')
  const inside = url.pathname === rootPath || url.pathname.startsWith(`${rootPath}/`)
  if (url.origin !== root.origin || !inside || url.username !== '' || url.password !== '')
    throw new TypeError(`${url.origin}${url.pathname} is outside the resource ${base}`)
  url.hash = ''
  return url.href
}

function joinPath(base: string, path: string): string {
  const { origin, rest } = splitUrl(base) ?? { origin: base, rest: '' }
  const root = `${origin}${rest.replace(/\?.*$/s, '')}`
  if (path === '' || path.startsWith('?')) return `${root}${path}`
  return `${root.replace(/\/$/, '')}/${path.replace(/^\//, '')}`
}
