// One spelling for each path. The provider library takes `/Token` and `/token/` for `/token`; a request that reached it by
// such a spelling would go past whatever is decided and recorded by path in front of it.
import { ROUTES } from './provider.ts'

const STATIC: ReadonlySet<string> = new Set([
  ...Object.values(ROUTES),
  `${ROUTES.end_session}/confirm`,
  `${ROUTES.end_session}/success`,
])

/** The library goes on with an authorization after sign-in at a path with an id below this one. */
const RESUMING = `${ROUTES.authorization}/`

/** @returns whether the library would know the path under another spelling only */
export function isMisspelt(path: string): boolean {
  const folded = path.toLowerCase().replace(/\/$/, '')
  if (STATIC.has(folded)) return path !== folded
  return folded.startsWith(RESUMING) && (!path.startsWith(RESUMING) || path.endsWith('/'))
}
