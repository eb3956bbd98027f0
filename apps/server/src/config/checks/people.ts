// People who could not sign in.
import { nameOf, type Check } from './check.ts'

export const checkSignIn: Check = (view) =>
  view.users.flatMap((user) => {
    if (user.value === undefined || !user.value.active) return []
    if (user.value.password !== undefined || user.broken.has('password')) return []
    const what = `${nameOf('user', user)} has no password and cannot sign in`
    return [
      { path: user.path, severity: 'warning' as const, what, fix: 'add `password:`, best from a variable' },
    ]
  })
