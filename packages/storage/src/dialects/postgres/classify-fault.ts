// Distinguishes PostgreSQL errors caused by the database from errors caused by a statement or its data.
import { StorageFault, type StorageTrouble } from '@crosswalk/as-core'
import pg from 'pg'

/** By SQLSTATE, or by its class (the first two characters). */
const TROUBLES: Readonly<Record<string, StorageTrouble>> = {
  '08': 'unreachable',
  '28': 'unreachable',
  '3D': 'unreachable',
  '57P': 'unreachable',
  '25006': 'read-only',
  '3F000': 'altered',
  '42501': 'altered',
  '42703': 'altered',
  '42P01': 'altered',
  '25P03': 'busy',
  '55P03': 'busy',
  '57014': 'busy',
  '53': 'busy',
  '53100': 'full',
  '58': 'broken',
  XX: 'broken',
}

/** The error of pg-pool if every connection stays in use for too long. */
const POOL_EXHAUSTED = 'timeout exceeded when trying to connect'

/** @returns a `StorageFault` for faults of the database; other errors unchanged */
export function classifyFault(error: unknown): unknown {
  if (error instanceof StorageFault || error instanceof TypeError) return error
  const trouble = error instanceof pg.DatabaseError ? findTrouble(error.code ?? '') : findLoss(error)
  return trouble === undefined ? error : new StorageFault(trouble, error)
}

function findTrouble(code: string): StorageTrouble | undefined {
  return TROUBLES[code] ?? TROUBLES[code.slice(0, 3)] ?? TROUBLES[code.slice(0, 2)]
}

/** An error without a response from PostgreSQL comes from the connection. */
function findLoss(error: unknown): StorageTrouble {
  return error instanceof Error && error.message === POOL_EXHAUSTED ? 'busy' : 'unreachable'
}

/** The SQLSTATE of an error returned by the server; undefined for lost connections and other errors. */
export function sqlState(error: unknown): string | undefined {
  return findAnswer(error)?.code
}

/** Whether a row was not inserted because the table already has one with the same unique key. */
export function isUniqueViolation(error: unknown, table: string): boolean {
  const answer = findAnswer(error)
  return answer?.code === '23505' && answer.table === table
}

function findAnswer(error: unknown): pg.DatabaseError | undefined {
  const answered = error instanceof StorageFault ? error.cause : error
  return answered instanceof pg.DatabaseError ? answered : undefined
}
