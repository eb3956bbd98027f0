// Calls the admin API as any HTTP client would.
export const ADMIN_TOKEN = 'an admin token of more than 32 characters'

export interface AdminAnswer {
  readonly status: number
  readonly headers: Headers
  readonly etag: string
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever comes back
  readonly body: any
}

export interface AdminCall {
  readonly body?: unknown
  readonly ifMatch?: string
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

export type Admin = (method: string, path: string, call?: AdminCall) => Promise<AdminAnswer>

export function adminOf(baseUrl: string, seen: string[] = []): Admin {
  return async (method, path, { body, ifMatch, token = ADMIN_TOKEN, headers } = {}) => {
    const response = await fetch(`${baseUrl}/admin/api/v1${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    seen.push(text)
    return {
      status: response.status,
      headers: response.headers,
      etag: response.headers.get('etag') ?? '',
      text,
      body:
        text === '' || response.headers.get('content-type') === 'application/zip'
          ? undefined
          : JSON.parse(text),
    }
  }
}
