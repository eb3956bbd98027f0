// Ends a wait when the app aborts its request. The work itself goes on, since other requests may wait for the same token.

/**
 * @param signal - of the request, if it has one
 * @throws the reason of the signal once it aborts; before the work starts if it has aborted already
 */
export async function unlessAborted<T>(
  signal: AbortSignal | null | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === null || signal === undefined) return await work()
  signal.throwIfAborted()
  return await new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    void work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
