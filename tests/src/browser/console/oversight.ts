// Data for tests of oversight: a report-only policy, an approval rule, a review schedule, an open access request, a block, a
// review.
import type { Admin } from '../../admin/admin.ts'

export interface MadeOversight {
  readonly policy: string
  /** An approval rule */
  readonly rule: string
  /** A review schedule */
  readonly schedule: string
  readonly request: string
  readonly review: string
}

/** @throws Error if one of the requests fails */
export async function makeOversight(admin: Admin): Promise<MadeOversight> {
  const policy = await create(admin, '/policies', {
    id: 'no-agents-at-night',
    description: 'Agents act while people are there to notice',
    when: { 'app.kind': 'agent' },
    effect: 'deny',
    state: 'report-only',
  })
  const rule = await create(admin, '/approval-rules', {
    id: 'reading',
    description: 'Reading needs no decision',
    when: { resourceApps: ['notes0'], maxRisk: 1, maxDays: 30 },
    effect: 'approve',
  })
  const schedule = await create(admin, '/review-schedules', {
    id: 'agents-quarterly',
    name: 'Agents, every quarter',
    description: 'Audit requirement AC-2',
    kind: 'agent',
    ...{ firstAt: '2035-01-01T08:00:00Z', everyDays: 91, daysToDecide: 30, whenDue: 'suspend' },
  })
  const request = await create(admin, '/access-requests', {
    user: 'bob',
    app: 'agent0',
    resourceApp: 'todo0',
    scopes: ['todos.read', 'todos.write'],
    reason: 'plans the week of the sales team',
  })
  await create(admin, '/blocks', { kind: 'app', target: 'other', reason: 'nobody knows what it is' })
  const review = await create(admin, '/reviews', { name: 'Autumn', reason: 'every quarter' })
  return { policy, rule, schedule, request, review }
}

async function create(admin: Admin, path: string, body: object): Promise<string> {
  const answer = await admin('POST', path, { body })
  if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`)
  return String(answer.body.id)
}
