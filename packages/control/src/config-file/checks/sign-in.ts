// Whether users can sign in, and sign-in is protected.
import { nameOf, type FileCheck } from './check.ts'
import { type FileFinding, valueAt } from '../finding.ts'

/** Users who cannot sign in, unless they do so at another identity provider. */
export const checkSignIn: FileCheck = (view) => {
  if (view.upstreams.length > 0 || view.subjectIssuers.length > 0) return []
  const path = ['idp', 'passwordSignIn']
  if (['false', false].includes(valueAt(view.raw, path) as string | boolean)) {
    const what = 'without passwords and `upstream`, users cannot sign in'
    return [{ path, what, fix: 'add an identity provider to `upstream`, or remove `passwordSignIn`' }]
  }
  return view.users.flatMap((user) => {
    if (user.value === undefined || !user.value.active) return []
    if (user.value.password !== undefined || user.broken.has('password')) return []
    const what = `${nameOf('user', user)} has no password and cannot sign in`
    return [
      {
        path: user.path,
        severity: 'warning' as const,
        what,
        fix: 'add `password:`, preferably from a variable',
      },
    ]
  })
}

/** Public clients must use PKCE. */
export const checkPkce: FileCheck = ({ apps }) =>
  apps.flatMap((app) => {
    const { pkce, auth } = app.value ?? {}
    if (pkce !== 'optional' || auth?.method !== 'none') return []
    const what = `${nameOf('app', app)} is a public client, for which PKCE is never optional`
    return [
      { path: [...app.path, 'pkce'], what, fix: 'remove `pkce`, or give the app credentials in `auth`' },
    ]
  })

/** With several identity providers, none may lead to the accounts of another by mistake. */
export const checkUpstreams: FileCheck = ({ upstreams }) =>
  upstreams.length < 2
    ? []
    : upstreams.flatMap((upstream): readonly FileFinding[] => {
        const { path, raw, value } = upstream
        const name = nameOf('identity provider', upstream)
        if (raw['link'] === undefined)
          return [
            {
              path,
              what: `${name} has no \`link\`; with several, a user name could match an account of another provider`,
              fix: 'write `link: [username]` or `link: [email]`, and the `domains` of its users',
            },
          ]
        if (value === undefined || value.domains.length > 0) return []
        return [
          {
            path,
            severity: 'warning',
            what: `${name} has no \`domains\`, so another provider can name its users`,
            fix: 'list the e-mail domains of its users in `domains`',
          },
        ]
      })
