// The admin API client of the pages. Authenticates by the session cookie, which scripts cannot read.
import { AdminApiError, createAdminClient } from '@crosswalk/admin-api'

import { isUnattended } from './attendance.ts'

export { AdminApiError }
export type { AnswerTo, CallTo, RouteName } from '@crosswalk/admin-api'

/** Marks requests from console pages; another site cannot set it. */
const CONSOLE_HEADERS = { 'crosswalk-console': '1' } as const

/** Marks requests that do not keep the session alive. */
const UNATTENDED_HEADERS = { ...CONSOLE_HEADERS, 'crosswalk-unattended': '1' } as const

/** @param input - path on this server */
export async function fetchFromConsole(input: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  const marks = isUnattended() ? UNATTENDED_HEADERS : CONSOLE_HEADERS
  for (const [name, value] of Object.entries(marks)) headers.set(name, value)
  return fetch(input, { ...init, headers, credentials: 'same-origin', redirect: 'error' })
}

export const adminApi = createAdminClient({
  baseUrl: '',
  fetch: (input, init) => fetchFromConsole(input instanceof Request ? input.url : String(input), init),
})
