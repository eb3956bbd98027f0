// Whether a form that a page of ours may have sent was sent from another site.

/**
 * What the browser itself says. Our pages send no referrer, so an honest `Origin` may be `null`.
 *
 * @param read - a header of the request, empty or null where there is none
 */
export function isForeignForm(read: (header: string) => string | null, baseUrl: string): boolean {
  const site = read('sec-fetch-site') ?? ''
  const origin = read('origin') ?? ''
  const foreignOrigin = origin !== '' && origin !== 'null' && origin !== new URL(baseUrl).origin
  return foreignOrigin || (site !== '' && site !== 'same-origin')
}
