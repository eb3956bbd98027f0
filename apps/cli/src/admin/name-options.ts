// Names the options of a command in the problems of its request, where the admin API names members of the body.
import { AdminApiError } from '@crosswalk/admin-api'

/** @returns the option or argument, as a user types it, that sets the member at a JSON Pointer */
export type FindOption = (pointer: string) => string | undefined

/** Whether a JSON Pointer refers to the member, or to a value in it */
export function isWithin(pointer: string, member: string): boolean {
  return pointer === member || pointer.startsWith(`${member}/`)
}

/** Sends a request of options. @throws AdminApiError whose problems name them */
export async function sendOptions<T>(find: FindOption, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    throw nameOptions(error, find)
  }
}

/** Problems of members that no option sets keep their JSON Pointer. */
export function nameOptions(error: unknown, find: FindOption): unknown {
  if (!(error instanceof AdminApiError) || error.problem?.errors === undefined) return error
  const { status, problem, retryAfterSeconds } = error
  const errors = error.problem.errors.map((it) => {
    const path = find(it.path) ?? it.path
    const isMissing = path.startsWith('--') && it.problem.startsWith('is missing')
    return { ...(isMissing ? { fix: `add ${path}, as \`--help\` describes it` } : {}), ...it, path }
  })
  const detail = errors.map(({ path, problem: what }) => (path === '' ? what : `${path}: ${what}`)).join('; ')
  return new AdminApiError(status, { ...problem, errors, detail }, { retryAfterSeconds })
}
