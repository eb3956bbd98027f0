// A server without a role answers no token request. Its administrators can add an authorization server, if there are any.
import { valueAt } from '../finding.ts'
import type { FileCheck } from './check.ts'

export const checkRoles: FileCheck = ({ raw, baseUrl, servers }) => {
  const isSet = (section: string) => valueAt(raw, [section]) !== undefined
  // Without a base URL the file is not complete yet, as an error says.
  if (baseUrl === undefined || isSet('idp') || servers.length > 0 || isSet('admin')) return []
  const what =
    'the file has neither `idp` nor `authorizationServers`, and no `admin` to add one: this server has nothing to do'
  return [
    {
      path: [],
      severity: 'warning',
      what,
      fix: 'add one of the three; `npx crosswalk init` writes a complete file',
    },
  ]
}
