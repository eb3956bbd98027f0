// Converts errors of the admin API to the outcome of a step.
import { AdminApiError } from '@crosswalk/admin-api'
import { LabError } from '@crosswalk/lab'

export function explainAdminFailure(error: unknown, server: string): unknown {
  if (error instanceof AdminApiError)
    return new LabError(
      'negative',
      error.problem?.title ?? `${server} has no admin API`,
      'see the server log',
    )
  // The error of `fetch` if the server is unreachable.
  if (error instanceof TypeError)
    return new LabError('network', `${server} cannot be reached`, 'check that the server is running')
  return error
}
