// Detects whether a form was submitted from another site.

/**
 * Relies on what the browser states. Our pages send no referrer, so a legitimate `Origin` may be `null`.
 *
 * @param read - returns a request header; empty or null if absent
 */
export function isForeignForm(read: (header: string) => string | null, baseUrl: string): boolean {
  const site = read('sec-fetch-site') ?? ''
  const origin = read('origin') ?? ''
  const foreignOrigin = origin !== '' && origin !== 'null' && origin !== new URL(baseUrl).origin
  return foreignOrigin || (site !== '' && site !== 'same-origin')
}
