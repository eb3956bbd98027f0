// The `sub_id` claim of an ID-JAG, for resources that identify accounts by SAML NameID. It is parsed here; the reader's
// configuration, never the claim, determines whether its issuer may assert it.
// @see draft-ietf-oauth-identity-assertion-authz-grant-04 section 3.2; requirements SAML-07 to SAML-13
import { isObject, isText } from '../finding.ts'
import { accept, refuse, type Result } from '../result.ts'
import { SAML_TRANSIENT } from './saml-assertion.ts'

const SAML_NAMEID = 'saml-nameid'

export interface SamlSubId {
  readonly format: typeof SAML_NAMEID
  /** Entity id of the SAML identity provider */
  readonly issuer: string
  readonly nameid: string
  readonly nameid_format?: string | undefined
  readonly name_qualifier?: string | undefined
  readonly sp_name_qualifier?: string | undefined
  readonly sp_provided_id?: string | undefined
}

const OPTIONAL = ['nameid_format', 'name_qualifier', 'sp_name_qualifier', 'sp_provided_id'] as const

/** @returns the members that identify a user, or why there are none */
export function parseSubId(value: unknown): Result<SamlSubId, string> {
  if (value === undefined) return refuse('no sub_id claim')
  if (!isObject(value)) return refuse('a sub_id that is not an object')
  if (value.format !== SAML_NAMEID) return refuse('a sub_id of an unknown format')
  const { issuer, nameid } = value
  if (!isText(issuer, 1024) || !isText(nameid, 1024)) return refuse('a sub_id without issuer or nameid')
  const present = OPTIONAL.filter((name) => value[name] !== undefined)
  if (present.some((name) => !isText(value[name], 1024))) return refuse('a sub_id with a malformed member')
  if (value.nameid_format === SAML_TRANSIENT) return refuse('a sub_id of transient format')
  const optional = Object.fromEntries(present.map((name) => [name, value[name]]))
  return accept({ format: SAML_NAMEID, issuer, nameid, ...optional })
}

/** One key per name: every member matters, and an absent member differs from every present one (SAML-08). */
export function renderSubIdKey(subId: SamlSubId): string {
  return JSON.stringify([
    subId.format,
    subId.issuer,
    subId.nameid,
    ...OPTIONAL.map((name) => subId[name] ?? null),
  ])
}
