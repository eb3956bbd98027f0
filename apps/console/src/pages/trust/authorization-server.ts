// Authorization servers and their trusted issuers, and how pages change them.
import { useChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'

export type AuthorizationServer = AnswerTo<'authorization-servers.list'>['items'][number]
export type TrustedIssuer = AuthorizationServer['trustedIssuers'][number]

type Patch = CallTo<'authorization-servers.change'>['body']

/**
 * Reads a server for a change. Lists are replaced with If-Match, so that no concurrent change is lost.
 *
 * @returns undefined until loaded
 */
export function useServerChange(id: string, enabled: boolean) {
  const { data } = useApi('authorization-servers.read', { params: { id } }, { enabled })
  const { mutateAsync } = useChange('authorization-servers.change')
  if (data === undefined) return undefined
  const { body: server, etag = '' } = data
  return {
    server,
    save: (body: Patch, reason: string | undefined) =>
      mutateAsync({ params: { id }, ifMatch: etag, body, reason }),
  }
}
