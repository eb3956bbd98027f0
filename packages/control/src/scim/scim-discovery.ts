// What the SCIM server says of itself: its abilities, resource types and schemas (RFC 7643 sections 5 to 7).
import SCIMMY from 'scimmy'

import { ScimError } from './scim-error.ts'
import { MOST_RESULTS } from './scim-list.ts'
import { SCHEMA } from './scim-resources.ts'

type Members = Readonly<Record<string, unknown>>

const CORE = 'urn:ietf:params:scim:schemas:core:2.0'

export function describeScim(baseUrl: string): Members {
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESULTS },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'The token of the directory',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  }
}

function listResourceTypes(baseUrl: string): readonly Members[] {
  const describe = (name: 'User' | 'Group', schema: string, more: Members = {}) => ({
    schemas: [`${CORE}:ResourceType`],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema,
    ...more,
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  })
  const schemaExtensions = [{ schema: SCHEMA.enterprise, required: false }]
  return [describe('User', SCHEMA.user, { schemaExtensions }), describe('Group', SCHEMA.group)]
}

function listSchemas(baseUrl: string): readonly Members[] {
  const { User, Group, EnterpriseUser } = SCIMMY.Schemas
  return [User, Group, EnterpriseUser].map(
    ({ definition }) => JSON.parse(JSON.stringify(definition.describe(`${baseUrl}/Schemas`))) as Members,
  )
}

/** @throws ScimError where there is none of this id */
export function describeTypes(
  kind: 'ResourceTypes' | 'Schemas',
  id: string | undefined,
  baseUrl: string,
): Members {
  const list = kind === 'Schemas' ? listSchemas(baseUrl) : listResourceTypes(baseUrl)
  if (id === undefined)
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: list.length,
      startIndex: 1,
      itemsPerPage: list.length,
      Resources: list,
    }
  const found = list.find((one) => one['id'] === id)
  if (found === undefined) throw new ScimError(404, `There is no ${kind}/${id.slice(0, 200)}.`)
  return found
}
