// Configuration as code: export all definitions as one document, plan the changes of a document, and apply them.
import { z } from 'zod'

import type { CollectionShape } from '../collections/collection.ts'
import { COLLECTION_NAMES, COLLECTIONS } from '../collections/registry.ts'
import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zFailedTests, zOwner, zReason } from '../schemas/common.ts'

/** In bytes. Enough for ten thousand connections in one document. */
export const MAX_DOCUMENT_BYTES = 2 * 1_048_576

type Objects = readonly Readonly<Record<string, unknown>>[]

/** Sections of the registry, next to settings. */
export interface ConfigurationDocument {
  readonly [section: string]: unknown
  readonly idp?: { readonly [section: string]: unknown } | undefined
}

/** A configuration file has settings next to the objects; the server validates their names. */
export const zConfigurationDocument: z.ZodType<ConfigurationDocument, ConfigurationDocument> = z
  .looseObject({ idp: z.looseObject(listSections(2)).optional(), ...listSections(1) })
  .describe(
    'Objects as in the configuration file; its settings are ignored. Absent sections are not changed. Secrets written as `${NAME}` are treated as not given.',
  )
  .meta({ id: 'ConfigurationDocument' })

/** @param depth - of the path of a section: 1 for the top level of the document, 2 inside `idp` */
function listSections(depth: number): Readonly<Record<string, z.ZodOptional<z.ZodType<Objects>>>> {
  const here = Object.values<CollectionShape>(COLLECTIONS).filter(({ path }) => path.length === depth)
  return Object.fromEntries(
    here.map(({ path, input, inDocument = input }) => [
      path[depth - 1] ?? '',
      z.array(inDocument as z.ZodType<Readonly<Record<string, unknown>>>).optional(),
    ]),
  )
}

const planMembers = {
  document: zConfigurationDocument,
  prune: z
    .boolean()
    .default(false)
    .describe('Whether to delete objects of the database that a section of the document does not list.'),
  setSecrets: z
    .boolean()
    .default(false)
    .describe(
      'Whether to set passwords and client secrets of existing objects too; they cannot be compared.',
    ),
}

const zPlanInput = z.strictObject(planMembers).meta({ id: 'ConfigurationPlanInput' })

const zHandMade = z
  .object({
    revision: z.int(),
    at: z.string().describe('RFC 3339'),
    by: z.string(),
    reason: z.string().optional(),
    removed: z.boolean(),
  })
  .meta({ id: 'HandMadeChange' })

const zPlannedChange = z
  .object({
    action: z
      .enum(['create', 'change', 'delete', 'extra', 'blocked'])
      .describe(
        '`extra`: only in the database, and not deleted. `blocked`: it differs, but the configuration file of the server owns it.',
      ),
    collection: z.enum(COLLECTION_NAMES as readonly [string, ...string[]]),
    id: z.string(),
    differences: z
      .array(
        z.object({
          path: z.string().describe('Path in the object, separated by dots.'),
          before: z.unknown().optional().describe('Current value; absent: none.'),
          after: z.unknown().optional().describe('Value in the document; absent: none.'),
        }),
      )
      .describe('Without secrets.'),
    secrets: z.array(z.string()).describe('Paths of secrets that would be set.'),
    where: z.string().optional().describe('Where the configuration file defines it.'),
    byHand: z
      .array(zHandMade)
      .describe(
        'Changes of the object since a document was last applied, newest first; otherwise the last one.',
      ),
  })
  .meta({ id: 'PlannedChange' })

const zConfigurationPlan = z
  .object({
    schema: z.literal('crosswalk.plan/v1'),
    revision: z.int().describe('Revision of all objects when the plan was made.'),
    changes: z.array(zPlannedChange),
    unchanged: z.int().describe('Number of objects in the document without changes.'),
    problems: z
      .array(z.object({ path: z.string(), problem: z.string(), fix: z.string().optional() }))
      .describe('Why the plan cannot be applied; paths are JSON Pointers into the document.'),
    failedTests: zFailedTests,
    lastApplied: z
      .object({ revision: z.int(), at: z.string(), by: z.string() })
      .nullable()
      .describe('When a document was last applied; null: never.'),
  })
  .meta({ id: 'ConfigurationPlan' })
export type ConfigurationPlan = z.output<typeof zConfigurationPlan>
export type PlannedChange = ConfigurationPlan['changes'][number]

const zConfigurationExport = z
  .object({
    schema: z.literal('crosswalk.configuration/v1'),
    revision: z.int(),
    document: z
      .record(z.string(), z.unknown())
      .describe('In the format of the configuration file; members with default values are omitted.'),
    variables: z.array(z.string()).describe('Names of variables for secrets, written as `${NAME}`.'),
  })
  .meta({ id: 'ConfigurationExport' })
export type ConfigurationExport = z.output<typeof zConfigurationExport>

export const configurationRoutes = defineRoutes('configuration', {
  'configuration.export': {
    method: 'GET',
    path: '/configuration',
    summary: 'Export all definitions as one configuration document without secrets',
    roles: ALLOWED.seeRules,
    query: z.strictObject({
      owner: zOwner.optional().describe('Only objects that the file, or the database, owns.'),
    }),
    replies: { 200: { description: 'The document.', body: zConfigurationExport } },
  },
  'configuration.plan': {
    method: 'POST',
    path: '/configuration/plan',
    summary: 'Plan what applying a document would change, and show who made the conflicting changes manually',
    description:
      'Changes nothing. The `ETag` is required to apply exactly this plan; it stays valid while applying would still do the same.',
    roles: ALLOWED.seeRules,
    body: zPlanInput,
    bodyBytes: MAX_DOCUMENT_BYTES,
    etag: true,
    replies: { 200: { description: 'The plan.', body: zConfigurationPlan } },
    problems: [422, 503],
  },
  'configuration.apply': {
    method: 'POST',
    path: '/configuration/apply',
    summary: 'Apply a plan completely in one transaction, or not at all',
    description: 'Refused if the plan has changed, has problems, or would change objects that the file owns.',
    roles: ALLOWED.changeRules,
    body: z
      .strictObject({ ...planMembers, reason: zReason.describe('The reason, for the audit log.') })
      .meta({ id: 'ConfigurationApplication' }),
    bodyBytes: MAX_DOCUMENT_BYTES,
    conditional: 'change',
    replies: { 200: { description: 'The applied plan.', body: zConfigurationPlan } },
    problems: [409],
  },
})
