// Users in requests of the admin API: by id, or by user name or e-mail address.
import type { Users } from './users.ts'

/** @returns the id; other values unchanged, because the user may have been removed */
export async function findUserId({ users }: { readonly users: Users }, user: string): Promise<string> {
  const found = (await users.findById(user)) ?? (await users.findByLogin(user))
  return found?.id ?? user
}
