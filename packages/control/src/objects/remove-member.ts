// Removes a user from several groups in one transaction. Each group is checked and recorded as if it were changed alone.
import { patchMap } from '../definitions/shared-map.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import { revokeAfterChange } from './after-change.ts'
import { checkChange } from './check-change.ts'
import { describeChanges } from './describe-change.ts'
import { findChangeable, stale, type Target } from './target.ts'

/** Call inside `judgeAndWrite`. All consequences are complete once this resolves. */
export async function removeMember(
  { parts, context }: Pick<Target, 'parts' | 'context'>,
  userId: string,
  groupIds: readonly string[],
): Promise<Problem | undefined> {
  const target = { parts, context, collection: 'groups' } as const
  const changes = []
  for (const id of groupIds) {
    const found = await findChangeable(target, id)
    if (isProblem(found)) return found
    const { definition } = found.item
    const members = definition.members.filter((member) => member !== userId)
    changes.push({ item: found.item, definition: { ...definition, members } })
  }
  const { groups } = parts.directory.current().world
  const next = patchMap(
    groups,
    changes.map(({ item, definition }) => [definition.id, { ...item, definition }] as const),
  )
  const verdict = await checkChange(parts, context, { collections: ['groups'], next: { groups: next } })
  if ('refusal' in verdict) return verdict.refusal
  const { overridden } = verdict
  const at = parts.clock.nowMs()
  const described = await describeChanges(
    target,
    changes.map(({ item, definition }) => {
      const prepared = { definition, secretChanged: false }
      return { verb: 'changed', collection: 'groups', id: definition.id, item, prepared, at, overridden }
    }),
  )
  const outcome = await parts.directory.changeAll(described)
  if (!outcome.ok) return stale()
  for (const { item, definition } of changes)
    await revokeAfterChange(target, { before: item.definition, after: definition })
  return undefined
}
