// Several identity providers through which users sign in: that none of them leads to accounts of another by mistake.
import type { Finding } from '../finding.ts'
import { type Check, nameOf } from './check.ts'

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
