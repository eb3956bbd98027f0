// Configuration as code: everything that is defined as one document, the plan to make a document true, and making it so.
import { z } from 'zod'

import type { CollectionShape } from '../collections/collection.ts'
import { COLLECTION_NAMES, COLLECTIONS } from '../collections/registry.ts'
import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zOwner, zReason } from '../schemas/common.ts'

/** Bytes: a company of ten thousand connections is one document. */
export const MAX_DOCUMENT_BYTES = 2 * 1_048_576

type Objects = readonly Readonly<Record<string, unknown>>[]

/** Sections by the registry; settings stand beside them. */
export interface ConfigurationDocument {
  readonly [section: string]: unknown
  readonly idp?: { readonly [section: string]: unknown } | undefined
}

/** Settings stand beside the objects in a configuration file; whether their names are right is for the server to say. */
export const zConfigurationDocument: z.ZodType<ConfigurationDocument, ConfigurationDocument> = z
  .looseObject({ idp: z.looseObject(listSections(2)).optional(), ...listSections(1) })
  .describe(
    'Objects as in the configuration file; its settings may stand beside them and are ignored. A section that is absent is left alone. A secret written as `${NAME}` counts as not given.',
  )
  .meta({ id: 'ConfigurationDocument' })

/** @param depth - of the path of a section: 1 at the top of the document, 2 inside `idp` */
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
    .describe('Whether objects of the database that a section of the document does not list are deleted.'),
  setSecrets: z
    .boolean()
    .default(false)
    .describe(
      'Whether passwords and client secrets are set of objects that exist too; they cannot be compared.',
    ),
}

export const zPlanInput = z.strictObject(planMembers).meta({ id: 'ConfigurationPlanInput' })

const zHandMade = z
  .object({
    revision: z.int(),
    at: z.string().describe('RFC 3339'),
    by: z.string(),
    reason: z.string().optional(),
    removed: z.boolean(),
  })
  .meta({ id: 'HandMadeChange' })

export const zPlannedChange = z
  .object({
    action: z
      .enum(['create', 'change', 'delete', 'extra', 'blocked'])
      .describe(
        '`extra`: in the database only, and left there. `blocked`: it differs, but the configuration file of the server owns it.',
      ),
    collection: z.enum(COLLECTION_NAMES as readonly [string, ...string[]]),
    id: z.string(),
    differences: z
      .array(
        z.object({
          path: z.string().describe('Where in the object, with dots between.'),
          before: z.unknown().optional().describe('In force now; absent: nothing.'),
          after: z.unknown().optional().describe('As the document has it; absent: nothing.'),
        }),
      )
      .describe('Without secrets.'),
    secrets: z.array(z.string()).describe('Secrets that would be set, by their place in the object.'),
    where: z.string().optional().describe('Where the configuration file defines it.'),
    byHand: z
      .array(zHandMade)
      .describe('Changes of the object since a document was last applied, newest first; else the last one.'),
  })
  .meta({ id: 'PlannedChange' })

export const zConfigurationPlan = z
  .object({
    schema: z.literal('crosswalk.plan/v1'),
    revision: z.int().describe('Of all objects together, which the plan was made at.'),
    changes: z.array(zPlannedChange),
    unchanged: z.int().describe('Objects of the document that are in force exactly so.'),
    problems: z
      .array(z.object({ path: z.string(), problem: z.string(), fix: z.string().optional() }))
      .describe('Why the plan cannot be applied; paths are JSON Pointers into the document.'),
    lastApplied: z
      .object({ revision: z.int(), at: z.string(), by: z.string() })
      .nullable()
      .describe('When a document was last applied; null: never.'),
  })
  .meta({ id: 'ConfigurationPlan' })
export type ConfigurationPlan = z.output<typeof zConfigurationPlan>
export type PlannedChange = ConfigurationPlan['changes'][number]

export const zConfigurationExport = z
  .object({
    schema: z.literal('crosswalk.configuration/v1'),
    revision: z.int(),
    document: z
      .record(z.string(), z.unknown())
      .describe('As the configuration file has it; members with their default value are left out.'),
    variables: z.array(z.string()).describe('Names that stand for secrets, as `${NAME}`.'),
  })
  .meta({ id: 'ConfigurationExport' })
export type ConfigurationExport = z.output<typeof zConfigurationExport>

export const configurationRoutes = defineRoutes('configuration', {
  'configuration.export': {
    method: 'GET',
    path: '/configuration',
    summary: 'Everything that is defined, as one configuration document without secrets',
    roles: ALLOWED.seeRules,
    query: z.strictObject({
      owner: zOwner.optional().describe('Only what the file, or the database, owns.'),
    }),
    replies: { 200: { description: 'The document.', body: zConfigurationExport } },
  },
  'configuration.plan': {
    method: 'POST',
    path: '/configuration/plan',
    summary: 'What applying a document would change, and who changed by hand what differs',
    description: 'Changes nothing. The `ETag` is needed to apply exactly this plan.',
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
    summary: 'Carry out a plan: all of it in one transaction, or none',
    description:
      'Refused where the plan is another one by now, has problems, or would change what the file owns.',
    roles: ALLOWED.changeRules,
    body: z
      .strictObject({ ...planMembers, reason: zReason.describe('Why, for the audit log.') })
      .meta({ id: 'ConfigurationApplication' }),
    bodyBytes: MAX_DOCUMENT_BYTES,
    conditional: 'change',
    replies: { 200: { description: 'The plan that was carried out.', body: zConfigurationPlan } },
    problems: [409],
  },
})
