// Names of apps, resource apps and people by their ids, for pages that show many.
import { useMemo } from 'react'

import { useApi } from '../../api/queries.ts'
import { useCan, useSession } from '../../session/session.tsx'

export interface Names {
  app(id: string): string
  resourceApp(id: string): string
  person(id: string): string
}

/** An id that is not among the first 200 stands for itself; so does each where no identity provider keeps names. */
export function useNames(): Names {
  const can = useCan()
  const { issuer } = useSession()
  const query = { query: { limit: 200 } }
  const when = (route: Parameters<typeof can>[0]) => ({ enabled: issuer !== undefined && can(route) })
  const apps = useApi('apps.list', query, when('apps.list'))
  const resourceApps = useApi('resource-apps.list', query, when('resource-apps.list'))
  const people = useApi('users.list', query, when('users.list'))
  return useMemo(() => {
    const appNames = new Map(apps.data?.body.items.map(({ id, name }) => [id, name]))
    const resourceNames = new Map(resourceApps.data?.body.items.map(({ id, name }) => [id, name]))
    const personNames = new Map(
      people.data?.body.items.map(({ id, name, username }) => [id, name ?? username]),
    )
    return {
      app: (id) => appNames.get(id) ?? id,
      resourceApp: (id) => resourceNames.get(id) ?? id,
      person: (id) => personNames.get(id) ?? id,
    }
  }, [apps.data, resourceApps.data, people.data])
}
