// Sends each query to a running server repeatedly, one at a time like a page, and measures until the response is
// read. The page in the middle is found through the server's cursors.
import type { AdminClient } from '@crosswalk/admin-api'

import { callOf, type Question } from './questions.ts'

/** Minimum repetitions, so that one slow response does not determine the 95th percentile. */
const MIN_ASKED = 20
/** Maximum repetitions of fast queries. */
const MAX_ASKED = 40
const ENOUGH_MS = 1_000
/** Pages to walk to reach the middle of a list ordered by id. */
const MAX_WALKED = 30

export interface Timing {
  readonly question: Question
  readonly page: 'first' | 'deep'
  /** Milliseconds, ascending */
  readonly times: readonly number[]
  readonly rows: number | undefined
}

interface Page {
  readonly items?: readonly unknown[]
  readonly next?: string | null
}

export async function* askQuestions(
  client: AdminClient,
  questions: readonly Question[],
  middle: string,
): AsyncGenerator<Timing> {
  for (const question of questions) {
    yield await measure(client, question, undefined)
    const cursor = question.paged ? await findDeepCursor(client, question, middle) : undefined
    if (cursor !== undefined) yield await measure(client, question, cursor)
  }
}

async function measure(client: AdminClient, question: Question, cursor: string | undefined): Promise<Timing> {
  const call = callOf(question, cursor)
  const times: number[] = []
  let rows: number | undefined
  const begin = performance.now()
  const isEnough = () =>
    times.length >= MAX_ASKED || (times.length >= MIN_ASKED && performance.now() - begin > ENOUGH_MS)
  while (!isEnough()) {
    const start = performance.now()
    const { body } = await client.call(question.route, call)
    times.push(performance.now() - start)
    rows = (body as Page).items?.length
  }
  return {
    question,
    page: cursor === undefined ? 'first' : 'deep',
    times: times.sort((a, b) => a - b),
    rows,
  }
}

/** Lists in order of time are entered at a timestamp, because walking there would take too long. */
const BY_TIME: ReadonlySet<string> = new Set(['decisions.list', 'audit.list'])

async function findDeepCursor(
  client: AdminClient,
  question: Question,
  middle: string,
): Promise<string | undefined> {
  if (BY_TIME.has(question.route)) {
    const query = { until: middle, ...question.query, limit: 1 }
    return readNext(client, { ...question, query })
  }
  let cursor: string | undefined
  for (let walked = 0; walked < MAX_WALKED; walked += 1) {
    const next = await readNext(client, { ...question, query: { ...question.query, limit: 200 } }, cursor)
    if (next === undefined) return cursor
    cursor = next
  }
  return cursor
}

async function readNext(
  client: AdminClient,
  question: Question,
  cursor?: string,
): Promise<string | undefined> {
  const { body } = await client.call(question.route, callOf(question, cursor))
  return (body as Page).next ?? undefined
}
