// Step 8: the decisions and audit events of this run, and whether the hash chain of the log is intact; if the playground may read them.
import { type AdminClient, type AnswerTo, createCheckingClient } from '@crosswalk/admin-api'
import { readRecord, STEP_NAMES, type Table, toFetch } from '@crosswalk/lab'
import type { DecisionRecord } from '@crosswalk/protocol'

import { explainAdminFailure } from './ask-admin.ts'
import type { Run } from '../run.ts'
import type { Around, Progress } from '../step-runner.ts'

const MAX_EVENTS = 25

export async function readRecorded(run: Run, { sender, aside }: Around): Promise<Progress> {
  const { explain } = run.crossing.settings
  const seen = listDecisionIds(run)
  if (explain === undefined) return listWithoutRights(seen)
  const client = createCheckingClient({
    baseUrl: explain.url,
    token: explain.token,
    fetch: toFetch(sender),
  })
  const records = await Promise.all(seen.map((id) => readRecord(aside, explain, id)))
  const { events, verification } = await readLog(client, run.atMs).catch((error: unknown) => {
    throw explainAdminFailure(error, explain.url)
  })
  const heads = verification.logs.map(({ chain, head }) => `${chain} ends at ${head.seq}`).join(', ')
  return {
    result: {
      outcome: verification.ok ? 'done' : 'refused',
      told: [
        `${events.length} events were recorded at ${explain.url} since this run began; those of decisions carry the whole record.`,
        verification.ok
          ? `The chain of the log is whole: ${verification.events} events, ${heads}. Each carries the hash of the one before.`
          : `The chain of the log is broken: ${verification.firstBad?.why ?? 'no place was named'}.`,
        'Tokens stand there as digests only. What the authorization server of the resource recorded is with its own operator.',
      ],
      tables: [tabulateDecisions(seen, records), tabulateEvents(events)],
    },
  }
}

async function readLog(client: AdminClient, atMs: number) {
  const query = { since: new Date(atMs).toISOString(), limit: MAX_EVENTS }
  const { body: page } = await client.call('audit.list', { query })
  const { body: verification } = await client.call('audit.verify', {})
  return { events: page.items, verification }
}

function listWithoutRights(seen: readonly string[]): Progress {
  return {
    result: {
      outcome: 'done',
      told: [
        seen.length === 0
          ? 'No answer carried Crosswalk-Decision, so no decision can be asked for by its id.'
          : `These decisions were made: ${seen.join(', ')}. Their operators find them by these ids.`,
        'The playground holds no rights to read the log of these servers. Their administrators do; start with --explain-at to read the records of a Crosswalk.',
      ],
    },
  }
}

function listDecisionIds({ steps }: Run): readonly string[] {
  const ids = STEP_NAMES.flatMap((step) => steps[step]?.sent ?? []).flatMap(
    ({ response }) => response.headers['crosswalk-decision'] ?? [],
  )
  return [...new Set(ids)]
}

function tabulateDecisions(ids: readonly string[], records: readonly (DecisionRecord | undefined)[]): Table {
  return {
    caption: 'Decisions of this run',
    head: ['decision', 'outcome', 'code', 'why'],
    rows: ids.map((id, index) => {
      const record = records[index]
      return record === undefined
        ? [id, '–', '–', { words: 'made by another server' }]
        : [id, record.outcome, record.code, { words: record.summary.admin }]
    }),
  }
}

function tabulateEvents(events: AnswerTo<'audit.list'>['items']): Table {
  return {
    caption: 'Events since this run began, newest first',
    head: ['time', 'type', 'outcome', 'log, number', 'hash'],
    rows: events.map(({ time, type, outcome, chain, seq, hash }) => [
      time.slice(11, 19),
      type,
      outcome,
      `${chain}, ${seq}`,
      `${hash.slice(0, 12)}…`,
    ]),
  }
}
