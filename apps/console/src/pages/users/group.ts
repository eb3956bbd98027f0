// The type of a group, and the URL of its page.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Group = AnswerTo<'groups.read'>

export function groupPath(id: string): string {
  return `/groups/${encodeURIComponent(id)}`
}
