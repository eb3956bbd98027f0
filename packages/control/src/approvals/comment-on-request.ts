// Comments on an open access request: those who may decide it ask, and the requester answers.
import type { AccessRequest } from '@crosswalk/admin-api'

import { type AdminContext, principalOf } from '../http/context.ts'
import { conflict, forbidden, type Problem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { type StoredRequest, storeRequest } from './access-request-records.ts'
import { mayDecide } from './judge-decider.ts'

/** A request is one object, of which all revisions are kept. */
const MAX_QUESTIONS = 10

/** @returns the request with the comment, durable */
export async function commentOnRequest(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { request, revision, text }: StoredRequest & { readonly text: string },
): Promise<AccessRequest | Problem> {
  const obstacle = await findObstacle(parts, context, request)
  if (obstacle !== undefined) return obstacle
  const comment = {
    by: principalOf(context.caller),
    at: new Date(parts.clock.nowMs()).toISOString(),
    text,
  }
  const commented: AccessRequest = { ...request, comments: [...(request.comments ?? []), comment] }
  const change = { request: commented, revision, type: 'request.commented' }
  return (await storeRequest(parts, context, change)) ?? commented
}

async function findObstacle(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  request: AccessRequest,
): Promise<Problem | undefined> {
  const { comments = [] } = request
  const isRequester = (by: string) => by === request.askedBy || by === request.user
  const questions = comments.filter(({ by }) => !isRequester(by))
  if (isRequester(principalOf(context.caller)))
    return questions.length > 0 && comments.at(-1) === questions.at(-1)
      ? undefined
      : conflict('There is no open question to answer.')
  if (!(await mayDecide(parts, request, context)))
    return forbidden('Only approvers of this request can ask, and only its requester can answer.')
  return questions.length < MAX_QUESTIONS
    ? undefined
    : conflict(`${MAX_QUESTIONS} questions have been asked. Approve or decline the request.`)
}
