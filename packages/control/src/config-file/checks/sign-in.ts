// Whether users can sign in, as themselves and with proof of who asks.
import { valueAt } from '../describe-issue.ts'
import { nameOf, type Check } from './check.ts'
import type { Finding } from '../finding.ts'

/** Users who could not sign in. */
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

/** Public clients that would sign users in without PKCE. */
export const checkPkce: Check = ({ apps }) =>
  apps.flatMap((app) => {
    const { pkce, auth } = app.value ?? {}
    if (pkce !== 'optional' || auth?.method !== 'none') return []
    const what = `${nameOf('app', app)} is a public client, for which PKCE is never optional`
    return [
      { path: [...app.path, 'pkce'], what, fix: 'remove `pkce`, or give the app credentials in `auth`' },
    ]
  })

/**
 * Several identity providers through which users sign in: that none of them leads to accounts of another by
 * mistake.
 */
export const checkUpstreams: Check = ({ upstreams }) =>
  upstreams.length < 2
    ? []
    : upstreams.flatMap((upstream): readonly Finding[] => {
        const { path, raw, value } = upstream
        const name = nameOf('identity provider', upstream)
        if (raw['link'] === undefined)
          return [
            {
              path,
              what: `${name} has no \`link\`; with several, a user name could lead to an account of another one`,
              fix: 'write `link: [username]` or `link: [email]`, and the `domains` of its users',
            },
          ]
        if (value === undefined || value.domains.length > 0) return []
        return [
          {
            path,
            severity: 'warning',
            what: `${name} has no \`domains\`, so another one can name its users`,
            fix: 'list the e-mail domains of its users in `domains`',
          },
        ]
      })
