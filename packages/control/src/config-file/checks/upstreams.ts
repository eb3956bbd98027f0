// Several identity providers through which users sign in: that the default does not lead users of one to accounts of another.
import { nameOf, type Check } from './check.ts'

export const checkUpstreams: Check = ({ upstreams }) =>
  upstreams.length < 2
    ? []
    : upstreams
        .filter(({ raw }) => raw['link'] === undefined)
        .map((upstream) => ({
          path: upstream.path,
          what: `${nameOf('identity provider', upstream)} has no \`link\`; with several, a user name could lead to an account of another one`,
          fix: 'write `link: [email]`, or `link: [username]` where it names the same users or the others list their `domains`',
        }))
