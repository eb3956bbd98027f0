// The master key of a server, with what keeps it from being had in words for the user who starts it.
import type { Environment } from '@crosswalk/control'
import { findDatabaseKey, keyFileOf, type Storage } from '@crosswalk/storage'

import { describeKeyFileProblem } from './start-problems.ts'

/** As `findDatabaseKey`. @throws StartError with a remedy */
export function findServerKey(
  databaseUrl: string,
  environment: Environment,
): (storage: Pick<Storage, 'keys'>) => Promise<Uint8Array> {
  const explain = (error: unknown): never => {
    throw describeKeyFileProblem(error, keyFileOf(databaseUrl))
  }
  try {
    const takeKey = findDatabaseKey(databaseUrl, environment)
    return (storage) => takeKey(storage).catch(explain)
  } catch (error) {
    return explain(error)
  }
}
