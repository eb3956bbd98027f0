// What applying a document would be refused for, beyond mistakes in single objects.
import type { Collection, PlannedChange } from '@crosswalk/admin-api'
import { renderPointer } from '@crosswalk/protocol'

import { checkNext } from '../definitions/check-world.ts'
import { findReferrers } from '../definitions/collections/registry.ts'
import { findReferred } from '../definitions/find-related.ts'
import type { NextDefinitions } from '../definitions/preview-world.ts'
import type { Items } from '../definitions/records.ts'
import { describeFormerUser, findFormerUsers } from '../definitions/users/former-users.ts'
import type { EvaluationParts } from '../evaluator/parts.ts'
import { findWrongApprovers } from '../objects/refuse-approvers.ts'
import type { DocumentObject, PlanProblem } from './read-document.ts'

interface Checked {
  readonly changes: readonly (Pick<PlannedChange, 'action' | 'id'> & { readonly collection: Collection })[]
  /** The objects of the document */
  readonly listed: readonly DocumentObject[]
  /** The collections that it has a section for */
  readonly sections: ReadonlySet<Collection>
  readonly now: Items
  readonly after: Items
  /** The same as `after`, as policies are compiled from it */
  readonly next: NextDefinitions
}

export async function checkPlan(parts: EvaluationParts, checked: Checked): Promise<readonly PlanProblem[]> {
  const misfits = [...(await checkResult(parts, checked)), ...checkDeletions(checked)]
  // A user who does not exist has no role either.
  const refused = new Set(misfits.map(({ path }) => path))
  const approvers = await checkApprovers(parts, checked)
  return [
    ...checkIdp(parts, checked.listed),
    ...misfits,
    ...approvers.filter(({ path }) => !refused.has(path)),
    ...(await checkFormerUsers(parts, checked)),
  ]
}

/** The document may be for another server. */
function checkIdp(
  { configuration }: EvaluationParts,
  listed: readonly DocumentObject[],
): readonly PlanProblem[] {
  const first = listed.find(({ collection }) => collection !== 'authorization-servers')
  if (configuration.idp !== undefined || first === undefined) return []
  const fix = 'add `idp:` to the configuration file of the server'
  return [{ path: first.pointer, problem: 'this server runs no identity provider', fix }]
}

async function checkFormerUsers(
  { storage }: Pick<EvaluationParts, 'storage'>,
  { changes, listed }: Pick<Checked, 'changes' | 'listed'>,
): Promise<readonly PlanProblem[]> {
  const created = changes.filter(({ action, collection }) => action === 'create' && collection === 'users')
  const former = await findFormerUsers(
    storage.objects,
    created.map(({ id }) => id),
  )
  return former.map((id) => {
    const written = listed.find((it) => it.collection === 'users' && it.id === id)
    return { path: written?.pointer ?? renderPointer(['users', id]), ...describeFormerUser(id) }
  })
}

async function checkApprovers(
  parts: EvaluationParts,
  { next, listed }: Pick<Checked, 'next' | 'listed'>,
): Promise<readonly PlanProblem[]> {
  const wrong = await findWrongApprovers(parts, next)
  return wrong.map(({ rule, path, problem, fix }) => {
    const written = listed.find((it) => it.collection === 'approval-rules' && it.id === rule)
    return { path: `${written?.pointer ?? ''}${renderPointer(path)}`, problem, fix }
  })
}

/** Runs the checks of the configuration file on the complete result. */
async function checkResult(
  { configuration, directory }: EvaluationParts,
  { now, after, listed, sections }: Checked,
): Promise<readonly PlanProblem[]> {
  const pointers = new Map(listed.map((it) => [`${it.collection}/${it.id}`, it.pointer]))
  // Members of groups that do not change need no check.
  const groups = sections.has('groups') ? {} : { groups: new Map() }
  const related = sections.has('users')
    ? {}
    : { ...groups, ...(await findReferred(directory.current().users.items, { ...after, ...groups })) }
  const findings = await checkNext({ ...now, ...related }, { ...after, ...related }, configuration)
  return findings.map(({ path, what, fix }) => {
    const [collection, id, ...rest] = path
    const pointer = pointers.get(`${String(collection)}/${String(id)}`)
    const where = pointer === undefined ? renderPointer(path) : `${pointer}${renderPointer(rest)}`
    return { path: where, problem: what, fix }
  })
}

function checkDeletions({ changes, now, after }: Checked): readonly PlanProblem[] {
  const deleted = changes.filter(({ action }) => action === 'delete')
  return deleted.flatMap(({ collection, id }) => {
    const referrers = findReferrers({ ...after, [collection]: now[collection] }, collection, id)
    if (referrers.length === 0) return []
    const problem = `${collection}/${id} would be deleted, but is still referenced by ${referrers.slice(0, 10).join(', ')}`
    return [
      { path: renderPointer([collection, id]), problem, fix: 'list it, or remove the references to it' },
    ]
  })
}
