// What a group is to pages, and where its page is.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Group = AnswerTo<'groups.read'>

export function groupPath(id: string): string {
  return `/groups/${encodeURIComponent(id)}`
}
