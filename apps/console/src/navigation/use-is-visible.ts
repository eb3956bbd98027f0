// The visible pages: those that the role may see and that apply to this server.
import { useCan, useSession } from '../session/session.tsx'
import type { PageEntry } from '../pages/page-entry.ts'

export function useIsVisible(): (entry: PageEntry) => boolean {
  const can = useCan()
  const { issuer } = useSession()
  return ({ needs, withoutIdp }) =>
    (needs === undefined || can(needs)) && (withoutIdp === true || issuer !== undefined)
}
