// The page of an object, by its kind as audit events and decision records name it.
const PAGES = {
  app: 'apps',
  approval_rule: 'settings/approval-rules',
  connection: 'connections',
  decision: 'decisions',
  group: 'groups',
  policy: 'policies',
  resource_app: 'resource-apps',
  review: 'reviews',
  review_schedule: 'review-schedules',
  user: 'users',
} as const

export type KindWithPage = keyof typeof PAGES

export function hasPage(kind: string): kind is KindWithPage {
  return Object.hasOwn(PAGES, kind)
}

export function pathOf(kind: KindWithPage, id: string): string {
  return `/${PAGES[kind]}/${encodeURIComponent(id)}`
}
