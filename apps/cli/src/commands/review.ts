// `crosswalk review`: access reviews of connections, based on evidence of their use.
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import { listRow } from '../admin/table.ts'
import type { CommandTerminal } from '../terminal.ts'
import { countDecided, ITEM_COLUMNS, renderReview, REVIEWER_COLUMNS } from './render-review.ts'

const SHOWN = { schema: 'crosswalk.review/v1', render: renderReview } as const

export function addReviewCommands(program: Command, terminal: CommandTerminal): void {
  const review = program.command('review').description('manage access reviews')
  addList(review, terminal, {
    route: 'reviews.list',
    description: 'list reviews',
    options: {
      state: 'only those in this state',
      schedule: { flags: '--schedule <id>', description: 'only those that this review schedule opened' },
    },
    schema: 'crosswalk.reviews/v1',
    limit: 50,
    columns: {
      id: ({ id }) => id,
      name: ({ name }) => name,
      state: ({ state }) => state,
      decided: countDecided,
      due: ({ dueAt }) => dueAt,
    },
  })
  addCall(review, terminal, {
    ...SHOWN,
    verb: 'show',
    route: 'reviews.read',
    description: 'show a review, and how many items have which decision',
  })
  addList(review, terminal, {
    verb: 'items',
    route: 'reviews.items',
    description: 'list the items of a review with their decisions',
    options: {
      decision: 'only items with this decision; none: undecided, any: decided',
      reviewer: { flags: '--reviewer <id>', description: 'only items that this user decided' },
      removal: 'only items whose removal of access is in this state',
      q: 'text in the id of the connection, or in the id or name of an app',
      mine: 'only items that you may decide',
    },
    schema: 'crosswalk.review-items/v1',
    columns: ITEM_COLUMNS,
  })
  addList(review, terminal, {
    verb: 'reviewers',
    route: 'reviews.reviewers',
    description: 'list who decided items of a review, and how fast',
    schema: 'crosswalk.reviewers/v1',
    columns: REVIEWER_COLUMNS,
  })
  addCall(review, terminal, {
    verb: 'evidence',
    route: 'reviews.evidence',
    description: 'export a review and its events as one JSON document, for an auditor',
    schema: 'crosswalk.review-evidence/v1',
    render: (evidence) => JSON.stringify(evidence, null, 2).split('\n'),
  })
  addCall(review, terminal, {
    ...SHOWN,
    verb: 'create',
    route: 'reviews.create',
    description: 'open an access review; default: of all connections',
    arguments: { name: 'name of the review' },
    options: {
      connections: { flags: '--connection <ids...>', description: 'only these connections' },
      apps: { flags: '--app <ids...>', description: 'only connections of these apps' },
      resourceApps: {
        flags: '--resource-app <ids...>',
        description: 'only connections to these resource apps',
      },
      kind: 'only connections of apps of this kind',
      minRisk: {
        flags: '--min-risk <number>',
        description: 'only connections whose riskiest scope has at least this risk',
      },
      unusedForDays: {
        flags: '--unused-for-days <number>',
        description: 'only active connections that granted nothing and did not change for this long',
      },
      periodDays: { flags: '--days <number>', description: 'number of days in which use counts' },
      dueAt: 'until when; RFC 3339, or a time from now such as 30d',
      whenDue: 'what happens then; close and suspend close the review',
    },
  })
  addCall(review, terminal, {
    verb: 'decide',
    route: 'reviews.decide',
    description: 'keep, narrow or revoke one connection; effective immediately',
    schema: 'crosswalk.review-item/v1',
    render: (item) => listRow(ITEM_COLUMNS, item),
    arguments: {
      id: 'id of the review',
      connection: 'id of the connection',
      decision: 'the decision',
    },
    options: {
      scopes: {
        flags: '--scope <scopes...>',
        description: 'narrow: scopes to keep; default: the used ones',
      },
      removeUsers: 'narrow: users to remove; their access grants are revoked',
      removeGroups: { flags: '--remove-group <names...>', description: 'narrow: groups to remove' },
    },
    overridesTests: true,
  })
  addCall(review, terminal, {
    ...SHOWN,
    verb: 'close',
    route: 'reviews.close',
    description: 'close a review',
    options: { undecided: 'what to do with undecided connections' },
  })
}
