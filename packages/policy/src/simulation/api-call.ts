// The admin API call that makes a change, on one line. The console runs it, so the ids in its path are encoded: the id of
// an app may be a URL.

/** @param path - its segments, relative to the path of the admin API */
export function renderApiCall(
  method: 'DELETE' | 'PATCH' | 'POST',
  path: readonly string[],
  body?: Readonly<Record<string, unknown>>,
): string {
  const words = [method, ['', ...path.map(encodeURIComponent)].join('/')]
  return [...words, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' ')
}
