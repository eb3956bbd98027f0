// Applies PATCH requests to a SCIM resource (RFC 7644 section 3.5.2): normalises deviations of provisioning products,
// then a library applies the operations. Does not decide who may change what.
import { isObject } from '@crosswalk/protocol'
import SCIMMY from 'scimmy'

import { checkOperation, checkValues } from './scim-bounds.ts'
import { fromLibrary, ScimError } from './scim-error.ts'
import type { Operation } from './scim-members.ts'
import { type Described, spellNames } from './scim-spelling.ts'

type Members = Readonly<Record<string, unknown>>

const MAX_OPERATIONS = 500
const BOOLEANS: ReadonlySet<string> = new Set(['active', 'primary'])
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** @returns the operations of a PATCH request. @throws ScimError */
export function readOperations(body: Members): readonly Operation[] {
  const operations = body['Operations']
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MAX_OPERATIONS)
    throw new ScimError(400, `A PATCH must have 1 to ${MAX_OPERATIONS} Operations.`, 'invalidSyntax')
  const schemas = body['schemas']
  if (!Array.isArray(schemas) || !schemas.includes(PATCH))
    throw new ScimError(400, `A PATCH must have the schema ${PATCH}.`, 'invalidSyntax')
  if (!operations.every((one) => typeof one === 'object' && one !== null))
    throw new ScimError(400, 'An operation must be an object.', 'invalidSyntax')
  return operations as readonly Operation[]
}

export async function applyScimPatch<T extends object>(
  operations: readonly Operation[],
  resource: T,
  current: Members,
): Promise<Members> {
  try {
    checkValues(operations)
    const { definition } = resource.constructor as unknown as { readonly definition: Described }
    const normalized = operations
      .map(shortenNames)
      .map((one) => spellNames(one, definition))
      .flatMap(separateLists)
      .flatMap((one) => normalizeAll(one, current))
      .flatMap(requireTarget)
    normalized.forEach(checkOperation)
    const request = { schemas: [PATCH], Operations: normalized }
    // For an operation that changes nothing, the library returns no result.
    const patched: unknown = await new SCIMMY.Messages.PatchOp(request as never).apply(
      resource as never,
      (after: unknown) => after as never,
    )
    return JSON.parse(JSON.stringify(patched ?? resource)) as Members
  } catch (error) {
    throw fromLibrary(error)
  }
}

const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:(User|Group):/i

/** Attributes of the core schemas may be named with their URN, which the library does not know. */
function shortenNames(operation: Operation): Operation {
  const { path, value } = operation
  if (typeof path === 'string') return { ...operation, path: path.replace(CORE, '') }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return operation
  const members = Object.entries(value).map(([name, one]) => [name.replace(CORE, ''), one])
  return { ...operation, value: Object.fromEntries(members) }
}

/** Without a path, the library adds to lists instead of replacing them. */
function separateLists(operation: Operation): readonly Operation[] {
  const { op, path, value } = operation
  if (path !== undefined || !/^replace$/i.test(String(op)) || !isObject(value)) return [operation]
  const lists = Object.entries(value).filter(([, one]) => Array.isArray(one))
  const others = Object.entries(value).filter(([, one]) => !Array.isArray(one))
  return [
    ...(others.length === 0 ? [] : [{ op, value: Object.fromEntries(others) }]),
    ...lists.map(([name, list]) => ({ op, path: name, value: list })),
  ]
}

const EXTENSION = /^urn:ietf:params:scim:schemas:extension:enterprise:2\.0:User$/i

/** A path may be a whole extension, which the library mistakes for one of its attributes. */
function normalizeAll(operation: Operation, current: Members): readonly Operation[] {
  const { op, path, value } = operation
  if (typeof path !== 'string' || !EXTENSION.test(path)) return [normalize(operation, current)]
  const members = /^remove$/i.test(String(op)) ? current[path] : value
  return Object.entries((members ?? {}) as Members).flatMap(([name, one]) =>
    name === 'schemas' ? [] : [normalize({ op, path: `${path}:${name}`, value: one }, current)],
  )
}

function normalize({ op, path, value }: Operation, current: Members): Operation {
  const name = typeof path === 'string' ? path.split(/[.:]/).at(-1) : undefined
  const read = name !== undefined && BOOLEANS.has(name) ? readBoolean(value) : readBooleans(value)
  return addMissing(
    { op, ...(path === undefined ? {} : { path }), ...(value === undefined ? {} : { value: read }) },
    current,
  )
}

/**
 * Values to replace must exist (RFC 7644 section 3.5.2.3); the library would add one. Adding nothing to them first makes it
 * report `noTarget`.
 */
function requireTarget(operation: Operation): readonly Operation[] {
  const { op, path } = operation
  const selects = typeof path === 'string' && path.endsWith(']') && /^replace$/i.test(String(op))
  return selects ? [{ op: 'add', path, value: {} }, operation] : [operation]
}

/** Entra ID sends booleans as text. */
export function readBooleans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readBooleans)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      BOOLEANS.has(name) ? readBoolean(one) : readBooleans(one),
    ]),
  )
}

function readBoolean(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : value
}

const TYPED = /^(emails|phoneNumbers|addresses)\[\s*type eq "([^"]{1,64})"\s*\]\.(\w{1,64})$/i

/** Entra ID and Okta set `emails[type eq "work"].value` even if there is no such address yet. */
function addMissing(operation: Operation, current: Members): Operation {
  const { op, path, value } = operation
  const match = typeof path === 'string' ? TYPED.exec(path) : null
  if (match === null || !/^(add|replace)$/i.test(String(op))) return operation
  const [, list = '', type = '', sub = ''] = match
  const there: readonly Members[] = Array.isArray(current[list]) ? current[list] : []
  const known = there
    .map((one) => String(one['type']))
    .find((one) => one.toLowerCase() === type.toLowerCase())
  // The library distinguishes case here, RFC 7643 section 4.1.2 does not.
  return known === undefined
    ? { op: 'add', path: list, value: [{ type, [sub]: value }] }
    : { ...operation, path: `${list}[type eq "${known}"].${sub}` }
}
