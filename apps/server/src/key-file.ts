// The master key of a server; problems with it are explained for the operator.
import type { Environment } from '@crosswalk/control'
import { findDatabaseKey, keyFileOf, type Storage } from '@crosswalk/storage'

import { describeKeyFileProblem } from './start-problems.ts'

/** Like `findDatabaseKey`. @throws StartError with a fix */
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
