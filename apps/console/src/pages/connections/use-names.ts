// Names of apps and resource apps by their ids, for pages that show many.
import { useMemo } from 'react'

import { useApi } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'

export interface Names {
  app(id: string): string
  resourceApp(id: string): string
}

/** An id that is not among the first 200 stands for itself. */
export function useNames(): Names {
  const can = useCan()
  const apps = useApi('apps.list', { query: { limit: 200 } }, { enabled: can('apps.list') })
  const resourceApps = useApi(
    'resource-apps.list',
    { query: { limit: 200 } },
    { enabled: can('resource-apps.list') },
  )
  return useMemo(() => {
    const appNames = new Map(apps.data?.body.items.map(({ id, name }) => [id, name]))
    const resourceNames = new Map(resourceApps.data?.body.items.map(({ id, name }) => [id, name]))
    return {
      app: (id) => appNames.get(id) ?? id,
      resourceApp: (id) => resourceNames.get(id) ?? id,
    }
  }, [apps.data, resourceApps.data])
}
