// Resolves a user by id or user name.
import { AdminApiError, type AdminClient, readPages } from '@crosswalk/admin-api'

const MAX_LOOKED_AT = 2000

/** @returns the id, or the input unchanged if no user matches or the caller may not list users */
export async function resolveUser(client: AdminClient, typed: string): Promise<string> {
  try {
    const { items } = await readPages(
      MAX_LOOKED_AT,
      async (page) => (await client.call('users.list', { query: { q: typed, ...page } })).body,
    )
    const isId = items.some(({ id }) => id === typed)
    return isId ? typed : (items.find(({ username }) => username === typed)?.id ?? typed)
  } catch (error) {
    if (error instanceof AdminApiError && error.status === 403) return typed
    throw error
  }
}
