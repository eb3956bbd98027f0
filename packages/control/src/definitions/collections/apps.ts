import { type AppDefinition, zApp } from '@crosswalk/protocol'

import { hashClientSecret, NO_SECRETS, prepareAuth, showAuth, zStoredAuth } from './client-secrets.ts'
import type { ControlledCollection } from './collection.ts'
import { findPolicies, findReferring } from './references.ts'

export const apps: ControlledCollection<'apps'> = {
  stored: zApp.extend({ auth: zStoredAuth }),
  event: { kind: 'app', category: 'lifecycle' },
  heldAs: 'app',
  prepare(input, previous, { hasher }) {
    const { auth, made, changed } = prepareAuth(input.auth, previous?.auth, hasher)
    return {
      definition: { ...input, auth },
      made: made === undefined ? NO_SECRETS : new Map([[input.id, made]]),
      secretChanged: changed,
    }
  },
  fromFile: (app: AppDefinition, hasher) => hashClientSecret(app, hasher),
  show: (app) => ({ ...app, auth: showAuth(app.auth) }),
  findReferrers: (items, id) => [
    ...findReferring(items, 'connections', ({ app, actors }) => app === id || actors?.includes(id) === true),
    ...findPolicies(items, 'app', id),
  ],
}
