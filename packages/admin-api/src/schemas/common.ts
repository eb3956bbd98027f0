// Schemas shared by all routes: pages, problems, history, and data about objects in addition to their definition.
import { zBoolean, zInteger } from '@crosswalk/protocol'
import { z } from 'zod'

import { MAX_PAGE } from '../read-pages.ts'

const DEFAULT_PAGE = 50

export const zIdParam = z.object({ id: z.string().min(1).describe('Id of the object.') })

/** Paging parameters of every list. */
export const pageQuery = {
  limit: zInteger(1, MAX_PAGE).default(DEFAULT_PAGE).describe('Maximum number of items.'),
  cursor: z.string().min(1).max(1024).optional().describe('`next` of the previous page.'),
}

export const zPageQuery = z.strictObject(pageQuery)

/** Whether to list only what concerns the caller; each list defines what that is. */
export const mineQuery = zBoolean.optional()

const LONGEST_ID = 512

/** For objects shown by id elsewhere, such as to get their names; missing ones are omitted. */
export const idsQuery = z
  .string()
  .min(1)
  .max(MAX_PAGE * (LONGEST_ID + 1))
  .refine((ids) => ids.split('\n').length <= MAX_PAGE, `must have at most ${MAX_PAGE} ids`)
  .optional()
  .describe(`Only these ids, one per line (client ids may contain commas), at most ${MAX_PAGE}.`)

export function zPage<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
    unreadable: z
      .array(z.object({ collection: z.string(), id: z.string(), problem: z.string() }))
      .optional()
      .describe(
        'Stored objects that are missing here because this version cannot read them; absent if there are none.',
      ),
  })
}

export const zOwner = z
  .enum(['file', 'database'])
  .describe('Who owns the definition: the configuration file (read-only here), or the database.')

export const zReason = z.string().trim().min(1).max(1024).describe('The reason, for the audit log.')

export const zFailedTests = z
  .array(z.object({ suite: z.string(), test: z.string(), why: z.string() }))
  .describe(
    'Policy tests that pass now but would fail. Owners and administrators can save nevertheless with `Crosswalk-Override: policy-tests` and a reason.',
  )

/** RFC 9457. */
export const zProblem = z
  .object({
    type: z.string().describe('URI of the kind of problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z
      .array(
        z.object({
          path: z.string().describe('JSON Pointer into the body, or name of a parameter.'),
          problem: z.string(),
          fix: z.string().optional(),
        }),
      )
      .optional(),
    referrers: z.array(z.string()).optional().describe('Objects that refer to this one, as `COLLECTION/ID`.'),
    mayOverride: z
      .boolean()
      .optional()
      .describe('Whether the caller may save although policy tests would fail.'),
    failedTests: zFailedTests.optional(),
    patch: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What to change manually, if it cannot be done here (RFC 7396).'),
    policy: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('A policy to create first, with which the same request would be granted.'),
  })
  .meta({ id: 'Problem' })
export type ProblemBody = z.output<typeof zProblem>

/** An operational act that stops an otherwise usable object of the file or the database. */
export const zHeld = z
  .object({
    state: z.enum(['suspended', 'revoked']),
    by: z.string(),
    since: z.string().describe('RFC 3339'),
    reason: z.string().optional(),
    revokeTokens: z
      .literal(true)
      .optional()
      .describe('For a suspended connection: tokens that were issued before are revoked too.'),
  })
  .meta({ id: 'Held' })

/** In addition to every definition. */
export const metaMembers = {
  owner: zOwner,
  revision: z.int().describe('Revision of the last change; 0 for an object of the file.'),
  updatedAt: z.string().nullable().describe('RFC 3339; null for an object of the file.'),
  updatedBy: z.string().nullable(),
}

/** In addition to definitions of objects that can be suspended. */
export const stateMember = {
  state: z
    .object({
      effective: z
        .string()
        .describe(
          'The current state: `suspended` or `revoked` by an act; otherwise by definition: `active`, `inactive`, `expired`, `scheduled`, or the `status` of a connection.',
        ),
      held: zHeld.optional(),
    })
    .optional()
    .describe('The current state, by definition and operational acts.'),
}

export const zRevision = z
  .object({
    revision: z.int(),
    at: z.string().describe('RFC 3339'),
    by: z.string(),
    reason: z.string().optional(),
    removed: z.boolean().describe('true: this revision removed the object.'),
    fromFile: z
      .boolean()
      .optional()
      .describe('true: by a start with a changed configuration file; it cannot be restored here.'),
    definition: z.record(z.string(), z.unknown()).optional().describe('Without secrets.'),
    unreadable: z
      .string()
      .optional()
      .describe('Why this version cannot read the definition of this revision, if so.'),
  })
  .meta({ id: 'Revision' })
