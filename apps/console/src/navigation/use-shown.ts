// The pages to show: those that the user's role may see, of what runs here.
import { useCan, useSession } from '../session/session.tsx'
import type { PageEntry } from '../pages/page-entry.ts'

export function useShown(): (entry: PageEntry) => boolean {
  const can = useCan()
  const { issuer } = useSession()
  return ({ needs, ofIdp }) =>
    (needs === undefined || can(needs)) && (ofIdp === undefined || issuer !== undefined)
}
