/**
 * Authenticates a client by HTTP Basic. Both parts are encoded first; otherwise a colon in the id would split it in the
 * wrong place. A space becomes `%20` instead of the `+` of forms, because some servers decode only percent signs.
 *
 * @see RFC 6749 section 2.3.1
 */
export function renderBasic(clientId: string, clientSecret: string): string {
  return `Basic ${btoa([clientId, clientSecret].map(encodeURIComponent).join(':'))}`
}
