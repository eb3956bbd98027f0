// One spelling for each path. The provider library treats `/Token` and `/token/` like `/token`, so such a spelling
// would bypass the checks and records that go by path in front of the library.
import { ROUTES } from './provider/provider.ts'

const STATIC: ReadonlySet<string> = new Set([
  ...Object.values(ROUTES),
  `${ROUTES.end_session}/confirm`,
  `${ROUTES.end_session}/success`,
])

/** After sign-in, the library resumes an authorization at a path below this one. */
const RESUMING = `${ROUTES.authorization}/`

/** @returns whether the library knows the path only under another spelling */
export function isNonCanonical(path: string): boolean {
  const folded = path.toLowerCase().replace(/\/$/, '')
  if (STATIC.has(folded)) return path !== folded
  return folded.startsWith(RESUMING) && (!path.startsWith(RESUMING) || path.endsWith('/'))
}
