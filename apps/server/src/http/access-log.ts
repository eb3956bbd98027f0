// Writes one JSON line for each answered request. Tokens, secrets and query strings are never logged: only the method
// and known parts of the path, a keyed hash of the user, and the decision.
import { openSync } from 'node:fs'
import { dirname } from 'node:path'

import { findTraceId, makeFolder, nameGrant, type Sealing } from '@crosswalk/as-core'
import { DECISION_HEADER, type DecisionRecord, evictOldest } from '@crosswalk/protocol'
import type { DestinationStream, Logger } from 'pino'

import type { AccessLogLine } from './access-log-line.ts'
import { hidePathIds } from './hide-path-ids.ts'

export interface AnsweredRequest {
  readonly role: string
  readonly request: Request
  readonly path: string
  readonly ip: string | undefined
  readonly response: Response
  readonly durationMs: number
}

export interface AccessLog {
  /** Keeps a decision until its response is logged. */
  onDecision(record: DecisionRecord): void
  write(answered: AnsweredRequest): void
  /** Flushes the buffer. */
  close(): Promise<void>
}

export interface AccessLogOptions {
  /** `stdout`, `stderr`, or a file path */
  readonly to: string
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  /** Called when lines cannot be written, until the next one can */
  onFault(fault: unknown, reference: string): void
}

/** Bounds decisions whose response was never sent because the request was aborted. */
const MAX_REMEMBERED = 10_000
const USER_HASH_LENGTH = 16
const STDOUT = 1
const STDERR = 2
const OWNER_AND_GROUP = 0o640

/** Lines that wait for the disk; more are lost. */
const MAX_WAITING_BYTES = 4_194_304

/** Loads pino on demand: a server without an access log does not need it. */
export async function openAccessLog({ to, sealing, onFault }: AccessLogOptions): Promise<AccessLog> {
  const { destination, pino } = await import('pino')
  const dest = to === 'stdout' ? STDOUT : to === 'stderr' ? STDERR : openFile(to)
  const stream = destination({ dest, sync: false, maxLength: MAX_WAITING_BYTES })
  // pino calls it when the process exits, and on a full disk it tries again forever.
  stream.flushSync = () => undefined
  let [isFailing, isClosed] = [false, false]
  stream.on('write', () => (isFailing = false))
  stream.on('error', (error: unknown) => {
    if (!isFailing) onFault(error, 'access-log')
    isFailing = true
  })
  const lines: DestinationStream = {
    write(line) {
      if (!isClosed) stream.write(line)
    },
  }
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, lines)
  return {
    ...createAccessLog(logger, sealing),
    close: () =>
      new Promise((resolve) => {
        isClosed = true
        stream.once('close', () => resolve()).once('error', () => resolve())
        if (isFailing) resolve()
        else stream.end()
      }),
  }
}

/** Opened at start, so that an unwritable path fails the start. */
function openFile(path: string): number {
  makeFolder(dirname(path))
  return openSync(path, 'a', OWNER_AND_GROUP)
}

function createAccessLog(
  logger: Pick<Logger, 'info'>,
  sealing: Pick<Sealing, 'keyedDigest'>,
): Omit<AccessLog, 'close'> {
  const decisions = new Map<string, DecisionRecord>()
  const hashUser = (user: string) => sealing.keyedDigest('access-log-user', user).slice(0, USER_HASH_LENGTH)
  return {
    onDecision(record) {
      decisions.set(record.decision_id, record)
      evictOldest(decisions, MAX_REMEMBERED)
    },
    write({ role, request, path, ip, response, durationMs }) {
      const id = response.headers.get(DECISION_HEADER)
      const record = id === null ? undefined : decisions.get(id)
      if (id !== null) decisions.delete(id)
      const user = record?.request.subject?.ref
      const trace = record?.trace_id ?? findTraceId(request.headers)
      const line: Omit<AccessLogLine, 'level' | 'time'> = {
        schema: 'crosswalk.access/v1',
        role,
        method: request.method,
        path: hidePathIds(path),
        status: response.status,
        durationMs: Math.round(durationMs * 100) / 100,
        ...(ip === undefined ? {} : { ip }),
        ...(trace === undefined ? {} : { trace }),
        ...(id === null ? {} : { decision: id }),
        ...(record === undefined ? {} : describeDecision(record)),
        ...(user === undefined ? {} : { user: hashUser(user) }),
      }
      logger.info(line)
    },
  }
}

function describeDecision(record: DecisionRecord) {
  const { outcome, code, request } = record
  const client = request.requesting_app?.client_id
  return {
    grant: nameGrant(record),
    outcome,
    code,
    ...(client === undefined ? {} : { client }),
  }
}
