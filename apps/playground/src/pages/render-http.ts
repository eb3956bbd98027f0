// Renders a request as sent, and as a curl command. Tokens and secrets are masked in the request, and environment
// variables in the command. Pure.
import { ADMIN_API_PATH } from '@crosswalk/admin-api'
import { MASKED, type ShownExchange, type ShownRequest, type ShownResponse } from '@crosswalk/lab'

const MAX_CHARACTERS = 6000

export function renderRequestText({ method, url, headers, params, json }: ShownRequest): string {
  const { host, pathname, search } = new URL(url)
  const form = Object.entries(params).map(([name, value]) => `${name}=${encode(value)}`)
  return [
    `${method} ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    ...(json === undefined ? [form.join('\n&')] : [JSON.stringify(json, null, 2)]),
  ]
    .join('\n')
    .trimEnd()
}

/** Masked values stay readable. */
const encode = (value: string): string =>
  MASKED.test(value) ? value : new URLSearchParams({ v: value }).toString().slice(2)

export function renderResponseText({ response, problem }: ShownExchange): string {
  const { status, headers } = response
  if (status === undefined) return `No response: ${problem ?? 'unknown'}`
  return [
    `HTTP/1.1 ${status}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    renderBody(response),
  ]
    .join('\n')
    .trimEnd()
}

function renderBody({ body }: ShownResponse): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}\n… ${text.length} characters` : text
}

/** Sent by every client, and irrelevant for the result. */
const OWN_HEADERS = new Set(['user-agent', 'accept-encoding', 'content-type', 'cookie'])

export function renderCurl({ method, url, headers, params, json }: ShownRequest): string {
  const parts = [
    `curl -sS${method === 'GET' ? '' : ` -X ${method}`} ${quote(url)}`,
    ...Object.entries(headers).flatMap(([name, value]) => renderHeader(url, name, value)),
    ...Object.entries(params).map(([name, value]) =>
      MASKED.test(value)
        ? `--data-urlencode "${name}=$${name.toUpperCase()}"`
        : `--data-urlencode ${quote(`${name}=${value}`)}`,
    ),
    ...(json === undefined
      ? []
      : [`-H 'content-type: application/json'`, `-d ${quote(JSON.stringify(json))}`]),
  ]
  return parts.join(' \\\n  ')
}

function renderHeader(url: string, name: string, value: string): readonly string[] {
  if (OWN_HEADERS.has(name)) return []
  if (name !== 'authorization') return [`-H ${quote(`${name}: ${value}`)}`]
  const [scheme = ''] = value.split(' ')
  if (scheme === 'Basic') return ['-u "$CLIENT_ID:$CLIENT_SECRET"']
  const token = new URL(url).pathname.startsWith(ADMIN_API_PATH) ? '$CROSSWALK_ADMIN_TOKEN' : '$ACCESS_TOKEN'
  return [`-H "Authorization: ${scheme} ${token}"`]
}

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
