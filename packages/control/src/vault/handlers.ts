// Stored credentials for administrators: their owners, but never their values.
import type { StoredCredentialView, storedCredentialRoutes } from '@crosswalk/admin-api'
import type { StoredCredential } from '@crosswalk/storage'

import type { Handlers } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { VaultPart } from './vault.ts'
import { conflict, notFound } from '../http/problem.ts'
import { toMoment } from '../http/to-moment.ts'

export function createVaultHandlers({
  vault,
}: VaultPart): Pick<Handlers, keyof typeof storedCredentialRoutes> {
  return {
    async 'stored-credentials.list'({ query }) {
      const found = await vault.list({ resourceApp: query.resourceApp, userId: query.user })
      const views = new Map(found.map((one) => [one.id, render(one)]))
      return listPage([...views.keys()].sort(), query, (id) => views.get(id))
    },
    async 'stored-credentials.store'({ body: { resourceApp, user, secret } }, context) {
      const stored = await vault.store(context, { resourceApp, userId: user, secret })
      if (typeof stored === 'string') return conflict(stored)
      const [view] = await vault.list({ id: stored.id })
      return view === undefined
        ? conflict('The credential was replaced or revoked in the meantime.')
        : { status: 201, body: render(view) }
    },
    async 'stored-credentials.revoke'({ params: { id } }, context) {
      const count = await vault.revoke(context, { id })
      return count === 0 ? notFound(`There is no stored credential ${id}.`) : { status: 204 }
    },
  }
}

function render(credential: StoredCredential): StoredCredentialView {
  const { id, resourceApp, userId, kind, storedAt, storedBy, usedAt } = credential
  return {
    id,
    resourceApp,
    user: userId ?? null,
    kind,
    storedAt: new Date(storedAt).toISOString(),
    storedBy,
    lastUsedAt: toMoment(usedAt),
  }
}
