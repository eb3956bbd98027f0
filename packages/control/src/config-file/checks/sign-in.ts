// Users who could not sign in.
import { valueAt } from '../describe-issue.ts'
import { nameOf, type Check } from './check.ts'

export const checkSignIn: Check = (view) => {
  if (view.upstreams.length > 0) return []
  const path = ['idp', 'passwordSignIn']
  if (['false', false].includes(valueAt(view.raw, path) as string | boolean)) {
    const what = 'without passwords and without `upstream` no one can sign in'
    return [{ path, what, fix: 'add an identity provider to `upstream`, or remove `passwordSignIn`' }]
  }
  return view.users.flatMap((user) => {
    if (user.value === undefined || !user.value.active) return []
    if (user.value.password !== undefined || user.broken.has('password')) return []
    const what = `${nameOf('user', user)} has no password and cannot sign in`
    return [
      { path: user.path, severity: 'warning' as const, what, fix: 'add `password:`, best from a variable' },
    ]
  })
}
