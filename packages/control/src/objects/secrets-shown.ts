// Secrets in views and restored objects: a new secret is shown once, and a replaced one is never restored.
import type { Collection, ViewOf } from '@crosswalk/admin-api'
import type { ClientAuth } from '@crosswalk/protocol'

import type { DefinitionOf, UserRecord } from '../definitions/records.ts'

/** Adds newly generated secrets to their clients. */
export function showSecrets<C extends Collection>(
  collection: C,
  view: ViewOf<C>,
  made: ReadonlyMap<string, string>,
): ViewOf<C> {
  if (made.size === 0) return view
  const add = <T extends { readonly id: string; readonly auth: object }>(client: T): T => {
    const secret = made.get(client.id)
    return secret === undefined ? client : { ...client, auth: { ...client.auth, secret } }
  }
  if (collection === 'apps') return add(view as ViewOf<'apps'>) as ViewOf<C>
  const server = view as ViewOf<'authorization-servers'>
  return { ...server, clients: server.clients.map(add) } as ViewOf<C>
}

/** A replaced secret stays replaced, because there was a reason; only the secret of a deleted client is restored. */
export function withCurrentSecrets<C extends Collection>(
  collection: C,
  old: DefinitionOf<C>,
  current: DefinitionOf<C> | undefined,
): DefinitionOf<C> {
  return CURRENT_SECRETS[collection]?.(old, current) ?? old
}

const CURRENT_SECRETS: {
  readonly [C in Collection]?: (old: DefinitionOf<C>, current: DefinitionOf<C> | undefined) => DefinitionOf<C>
} = {
  users: withCurrentPassword,
  // A restored revision of an earlier app with the same id does not make the tokens of that app valid again.
  apps: (old, current) => ({
    ...withCurrentSecret(old, current),
    ...(current?.registeredAt === undefined ? {} : { registeredAt: current.registeredAt }),
  }),
  'authorization-servers'(old, current) {
    const now = new Map(current?.clients.map((client) => [client.id, client]))
    return { ...old, clients: old.clients.map((client) => withCurrentSecret(client, now.get(client.id))) }
  },
}

function withCurrentPassword(
  { passwordSetAt: _, ...old }: UserRecord,
  current: UserRecord | undefined,
): UserRecord {
  const { hasPassword = false, passwordSetAt } = current ?? {}
  return { ...old, hasPassword, ...(passwordSetAt === undefined ? {} : { passwordSetAt }) }
}

function withCurrentSecret<T extends { readonly auth: ClientAuth }>(old: T, current: T | undefined): T {
  if (current === undefined || !('secretHash' in old.auth)) return old
  const auth = 'secretHash' in current.auth ? { ...current.auth, method: old.auth.method } : current.auth
  return { ...old, auth }
}
