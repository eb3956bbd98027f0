// Public clients that would sign users in without PKCE.
import { nameOf, type Check } from './check.ts'

export const checkPkce: Check = ({ apps }) =>
  apps.flatMap((app) => {
    const { pkce, auth } = app.value ?? {}
    if (pkce !== 'optional' || auth?.method !== 'none') return []
    const what = `${nameOf('app', app)} is a public client, for which PKCE is never optional`
    return [
      { path: [...app.path, 'pkce'], what, fix: 'remove `pkce`, or give the app credentials in `auth`' },
    ]
  })
