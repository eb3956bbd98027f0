// Describes the SCIM server: its features, resource types and schemas (RFC 7643 sections 5 to 7). A directory sees only
// the attributes that are kept, which are those that its configuration maps.
import SCIMMY from 'scimmy'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import { ScimError } from './scim-error.ts'
import { MAX_RESULTS } from './scim-list.ts'
import { SCHEMA } from './scim-resources.ts'

type Members = Readonly<Record<string, unknown>>

const CORE = 'urn:ietf:params:scim:schemas:core:2.0'

export function describeScim(baseUrl: string): Members {
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_RESULTS },
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

function listResourceTypes({ baseUrl, directory }: Described): readonly Members[] {
  const describe = (name: 'User' | 'Group', schema: string, more: Members = {}) => ({
    schemas: [`${CORE}:ResourceType`],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema,
    ...more,
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  })
  const schemaExtensions = listMapped(directory, SCHEMA.enterprise).length === 0 ? [] : [EXTENSION]
  return [describe('User', SCHEMA.user, { schemaExtensions }), describe('Group', SCHEMA.group)]
}

const EXTENSION = { schema: SCHEMA.enterprise, required: false }

/** Attributes kept for every user and group; sub-attributes that are rendered but not accepted are read-only. */
const KEPT_OF_USERS = [
  'userName',
  'displayName',
  'active',
  'emails.value',
  'emails.type',
  'emails.primary',
  'groups',
]
const KEPT_OF_GROUPS = ['displayName', 'members.value', 'members.$ref']
const READ_ONLY = new Set(['emails.type', 'emails.primary'])

interface Described {
  readonly baseUrl: string
  readonly directory: Pick<DirectoryDefinition, 'attributes'>
}

function listSchemas({ baseUrl, directory }: Described): readonly Members[] {
  const { User, Group, EnterpriseUser } = SCIMMY.Schemas
  const describe = ({ definition }: { readonly definition: { describe(base: string): unknown } }) =>
    JSON.parse(JSON.stringify(definition.describe(`${baseUrl}/Schemas`))) as Schema
  const enterprise = listMapped(directory, SCHEMA.enterprise)
  return [
    keep(describe(User), [...KEPT_OF_USERS, ...listMapped(directory, SCHEMA.user)]),
    keep(describe(Group), KEPT_OF_GROUPS),
    ...(enterprise.length === 0 ? [] : [keep(describe(EnterpriseUser), enterprise)]),
  ]
}

interface Attribute extends Members {
  readonly name: string
  readonly subAttributes?: readonly Attribute[]
}
type Schema = Members & { readonly attributes: readonly Attribute[] }

/** @returns the mapped paths of one schema, without its URN */
function listMapped({ attributes }: Described['directory'], schema: string): readonly string[] {
  return Object.values(attributes).flatMap((path) => {
    const urn = path.startsWith('urn:') ? path.slice(0, path.lastIndexOf(':')) : SCHEMA.user
    const name = path.slice(path.lastIndexOf(':') + 1)
    return urn === schema ? [name] : []
  })
}

function keep(schema: Schema, paths: readonly string[]): Schema {
  const attributes = schema.attributes.flatMap((attribute): readonly Attribute[] => {
    const { name, subAttributes } = attribute
    if (paths.includes(name) || subAttributes === undefined) return paths.includes(name) ? [attribute] : []
    const kept = subAttributes.filter((sub) => paths.includes(`${name}.${sub.name}`))
    const shown = kept.map((sub) =>
      READ_ONLY.has(`${name}.${sub.name}`) ? { ...sub, mutability: 'readOnly' } : sub,
    )
    return kept.length === 0 ? [] : [{ ...attribute, subAttributes: shown }]
  })
  return { ...schema, attributes }
}

/** @throws ScimError if the id is unknown */
export function describeTypes(
  kind: 'ResourceTypes' | 'Schemas',
  id: string | undefined,
  described: Described,
): Members {
  const list = kind === 'Schemas' ? listSchemas(described) : listResourceTypes(described)
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
