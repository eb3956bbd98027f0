// The subject of a security event: subject identifiers (RFC 9493, SSF 1.0 section 3) that can be matched to grants.
// Pure;
// the receiver judges whether the issuer may speak for them.
import { isObject, isText } from '../finding.ts'
import { accept, refuse, type Result } from '../result.ts'

export type SubjectId = Readonly<Record<string, unknown>>

/** Every member that is set must match; at least one is set. */
export interface SecuritySubject {
  /** `sub` at the named issuer, or at the issuer of the event */
  readonly user?: { readonly issuer?: string; readonly subject: string } | { readonly email: string }
  /** client_id at the resource's authorization server */
  readonly clientId?: string
  readonly tenant?: string
  /** An ID-JAG by its issuer and `jti` */
  readonly grant?: { readonly issuer: string; readonly jti: string }
  /** Everything of this issuer */
  readonly everythingOf?: string
}

export type SubjectProblem = 'malformed' | 'unknown'

/** @returns the subject; `unknown` for formats that identify no subject here */
export function parseSecuritySubject(value: SubjectId): Result<SecuritySubject, SubjectProblem> {
  return value.format === 'complex' ? parseComplex(value) : parseSimple(value)
}

function parseSimple(value: SubjectId): Result<SecuritySubject, SubjectProblem> {
  const { iss, sub, id, email, uri, jti } = value
  switch (value.format) {
    case 'iss_sub':
      return isText(iss, 2048) && isText(sub, 255)
        ? accept({ user: { issuer: iss, subject: sub } })
        : refuse('malformed')
    case 'opaque':
      return isText(id, 255) ? accept({ user: { subject: id } }) : refuse('malformed')
    case 'email':
      return isText(email, 320) ? accept({ user: { email } }) : refuse('malformed')
    case 'jwt_id':
      return isText(iss, 2048) && isText(jti, 255)
        ? accept({ grant: { issuer: iss, jti } })
        : refuse('malformed')
    case 'uri':
      return isText(uri, 2048) ? accept({ everythingOf: uri }) : refuse('malformed')
    case 'aliases':
      return parseAliases(value.identifiers)
    default:
      return refuse(isText(value.format, 255) ? 'unknown' : 'malformed')
  }
}

/** One user under several names: the first known one is used (RFC 9493 section 3.2.8: they do not nest). */
function parseAliases(identifiers: unknown): Result<SecuritySubject, SubjectProblem> {
  if (!Array.isArray(identifiers) || !identifiers.every(isObject)) return refuse('malformed')
  for (const identifier of identifiers.filter(({ format }) => format !== 'aliases')) {
    const parsed = parseSimple(identifier)
    if (parsed.accepted) return parsed
  }
  return refuse('unknown')
}

/** Sessions, devices and groups are unknown here: with a user, they mean the whole user; without one, no subject. */
function parseComplex({
  format: _,
  user,
  application,
  tenant,
  ...unknown
}: SubjectId): Result<SecuritySubject, SubjectProblem> {
  const members = [user, application, tenant].filter((member) => member !== undefined)
  if (members.length === 0) return refuse('unknown')
  if (!members.every(isObject)) return refuse('malformed')
  if (user === undefined && Object.keys(unknown).length > 0) return refuse('unknown')
  const who = isObject(user) ? parseSimple(user) : undefined
  if (who?.accepted === false) return who
  const clientId = readOpaque(application)
  const tenantId = readOpaque(tenant)
  // An unreadable member would have narrowed the subject: without it, too much would match.
  if ((isObject(application) && clientId === undefined) || (isObject(tenant) && tenantId === undefined))
    return refuse('unknown')
  return accept({
    ...who?.value,
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenantId === undefined ? {} : { tenant: tenantId }),
  })
}

function readOpaque(value: unknown): string | undefined {
  return isObject(value) && value.format === 'opaque' && isText(value.id, 512) ? value.id : undefined
}

/** The subject of one of our SETs, for receivers elsewhere: a simple identifier if that suffices. */
export function buildSubjectId({
  issuer,
  subject,
  clientId,
  tenant,
}: {
  readonly issuer: string
  readonly subject?: string | undefined
  readonly clientId?: string | undefined
  readonly tenant?: string | undefined
}): SubjectId {
  const user = subject === undefined ? undefined : { format: 'iss_sub', iss: issuer, sub: subject }
  if (clientId === undefined && tenant === undefined) return user ?? { format: 'uri', uri: issuer }
  return {
    format: 'complex',
    ...(user === undefined ? {} : { user }),
    ...(clientId === undefined ? {} : { application: { format: 'opaque', id: clientId } }),
    ...(tenant === undefined ? {} : { tenant: { format: 'opaque', id: tenant } }),
  }
}
