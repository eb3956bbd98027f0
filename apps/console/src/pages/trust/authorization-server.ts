// What an authorization server and those it trusts are to pages, and how pages change one.
import { useChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import type { AnswerTo, CallTo } from '@crosswalk/admin-api'

export type AuthorizationServer = AnswerTo<'authorization-servers.list'>['items'][number]
export type TrustedIssuer = AuthorizationServer['trustedIssuers'][number]

type Patch = CallTo<'authorization-servers.change'>['body']

/**
 * Reads a server to change it: lists are replaced as they were read, so that no one else's change is lost.
 *
 * @returns undefined until it is read
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
