// Shapes that all resources share: pages, problems, history, and what is known about an object beside its definition.
import { zBoolean, zInteger } from '@crosswalk/protocol'
import { z } from 'zod'

export const MAX_PAGE = 200
export const DEFAULT_PAGE = 50

export const zIdParam = z.object({ id: z.string().min(1).describe('Id of the object.') })

/** Paging, on every list. */
export const pageQuery = {
  limit: zInteger(1, MAX_PAGE).default(DEFAULT_PAGE).describe('How many items at most.'),
  cursor: z.string().min(1).max(1024).optional().describe('`next` of the page before.'),
}

export const zPageQuery = z.strictObject(pageQuery)

/** Whether only what is the caller's own business is listed; each list says what that is. */
export const mineQuery = zBoolean.optional()

const LONGEST_ID = 512

/** Of what is shown by ids elsewhere, as for its names: what is not there is left out. */
export const idsQuery = z
  .string()
  .min(1)
  .max(MAX_PAGE * (LONGEST_ID + 1))
  .refine((ids) => ids.split('\n').length <= MAX_PAGE, `are more than ${MAX_PAGE}`)
  .optional()
  .describe(`Only these: ids, one a line (a client id may have commas), at most ${MAX_PAGE}.`)

export function zPage<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
  })
}

export const zOwner = z
  .enum(['file', 'database'])
  .describe('Who owns the definition: the configuration file (read-only here), or the database.')

export const zReason = z.string().trim().min(1).max(1024).describe('Why, for the audit log.')

/** RFC 9457. */
export const zProblem = z
  .object({
    type: z.string().describe('A URI that names the kind of problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z
      .array(
        z.object({
          path: z.string().describe('Where: a JSON Pointer into the body, or the name of a parameter.'),
          problem: z.string(),
          fix: z.string().optional(),
        }),
      )
      .optional(),
    referrers: z
      .array(z.string())
      .optional()
      .describe('What still refers to the object, as `COLLECTION/ID`.'),
    mayOverride: z
      .boolean()
      .optional()
      .describe('Whether the caller may save it although policy tests would fail.'),
    failedTests: z
      .array(z.object({ suite: z.string(), test: z.string(), why: z.string() }))
      .optional()
      .describe(
        'Policy tests that pass now and would fail. An owner or administrator saves it nevertheless with `Crosswalk-Override: policy-tests` and a reason.',
      ),
    patch: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What to change by hand, where it cannot be done here (RFC 7396).'),
    policy: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('A policy to make first, with which the same request would be granted.'),
  })
  .meta({ id: 'Problem' })
export type ProblemBody = z.output<typeof zProblem>

/** What stands in the way of something that would otherwise work: an operational act, on objects of the file and of the database. */
export const zHeld = z
  .object({
    state: z.enum(['suspended', 'revoked']),
    by: z.string(),
    since: z.string().describe('RFC 3339'),
    reason: z.string().optional(),
    revokeTokens: z
      .literal(true)
      .optional()
      .describe('Of a suspended connection: tokens that were issued before are revoked as well.'),
  })
  .meta({ id: 'Held' })

/** Beside every definition. */
export const metaMembers = {
  owner: zOwner,
  revision: z.int().describe('Revision at which it was last changed; 0 for an object of the file.'),
  updatedAt: z.string().nullable().describe('RFC 3339; null for an object of the file.'),
  updatedBy: z.string().nullable(),
}

/** Beside what can be stopped while it runs. */
export const stateMember = {
  state: z
    .object({
      effective: z
        .string()
        .describe(
          'What counts now: `suspended` or `revoked` by an act; else by definition: `active`, `inactive`, `expired`, `scheduled`, or the `status` of a connection.',
        ),
      held: zHeld.optional(),
    })
    .optional()
    .describe('What the definition and operational acts make of it now.'),
}

export const zRevision = z
  .object({
    revision: z.int(),
    at: z.string().describe('RFC 3339'),
    by: z.string(),
    reason: z.string().optional(),
    removed: z.boolean().describe('true: this revision removed the object.'),
    definition: z.record(z.string(), z.unknown()).optional().describe('Without secrets.'),
  })
  .meta({ id: 'Revision' })
