// The authorization servers that run here, by issuer; none for a role that may not see them.
import { useMemo } from 'react'

import { type ItemOf, useCompleteList } from '../../api/queries.ts'
import { useCan } from '../../session/session.tsx'

export type LocalServer = ItemOf<'authorization-servers.list'>

export function useLocalServers(): ReadonlyMap<string, LocalServer> {
  const enabled = useCan()('authorization-servers.list')
  const { items } = useCompleteList('authorization-servers.list', {}, { enabled })
  return useMemo(() => new Map(items.map((server) => [server.issuer, server])), [items])
}
