// Step 8: shows the decisions and audit events of this run, and verifies the hash chain of the log, if permitted.
import { type AdminClient, type AnswerTo, createCheckingClient } from '@crosswalk/admin-api'
import { readRecord, STEP_NAMES, type Table, toFetch } from '@crosswalk/lab'
import type { DecisionRecord } from '@crosswalk/protocol'

import { explainAdminFailure } from './ask-admin.ts'
import type { Run } from '../run.ts'
import type { RunContext, Progress } from '../step-runner.ts'

const MAX_EVENTS = 25

export async function readRecorded(run: Run, { sender, aside }: RunContext): Promise<Progress> {
  const { explain } = run.setup.settings
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
        `${events.length} events were recorded at ${explain.url} since this run started; events of decisions contain the complete record.`,
        verification.ok
          ? `The chain of the log is intact: ${verification.events} events, ${heads}. Each contains the hash of the previous one.`
          : `The chain of the log is broken: ${verification.firstBad?.why ?? 'unknown position'}.`,
        'The log contains tokens only as digests. The authorization server of the resource has its own log.',
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
          ? 'No response had a Crosswalk-Decision header, so no decision can be looked up.'
          : `These decisions were made: ${seen.join(', ')}. Their operators find them by these ids.`,
        'The playground may not read the logs of these servers. To read the records of a Crosswalk server, start with --explain-at.',
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
        ? [id, '–', '–', { words: 'by another server' }]
        : [id, record.outcome, record.code, { words: record.summary.admin }]
    }),
  }
}

function tabulateEvents(events: AnswerTo<'audit.list'>['items']): Table {
  return {
    caption: 'Events since this run started, newest first',
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
