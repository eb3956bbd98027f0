// Brokered resource apps: their tokens must come from an authorization server that runs here, and a gateway must be
// able to request the credentials.
import type { ResourceAppDefinition } from '@crosswalk/protocol'

import type { FileFinding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { type FileCheck, nameOf } from './check.ts'

export const checkBrokered: FileCheck = (view) => view.resourceApps.flatMap((entry) => checkOne(entry, view))

function checkOne(entry: Entry<ResourceAppDefinition>, { servers }: View): readonly FileFinding[] {
  const { value, path } = entry
  if (value?.brokered === undefined) return []
  const server = servers.find(({ issuer }) => issuer === value.issuer)
  if (server === undefined)
    return [
      {
        path: [...path, 'issuer'],
        what: `${nameOf('resource app', entry)} is brokered, but no authorization server here has its issuer`,
        fix: 'define the authorization server of the gateway here, and use its issuer',
      },
    ]
  const lacking = value.resources.filter(
    ({ id }) => !server.clients.some((client) => client.value?.introspects.includes(id)),
  )
  return lacking.map(({ id }) => ({
    path: [...path, 'brokered'],
    severity: 'warning',
    what: `no client of ${nameOf('authorization server', server)} introspects ${id}, so no gateway gets its credentials`,
    fix: `list ${id} in \`introspects\` of the gateway's client`,
  }))
}
