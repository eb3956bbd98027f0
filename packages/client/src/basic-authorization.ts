/**
 * Authenticates a client by HTTP Basic. Both parts are form-encoded first; otherwise a colon in the id would split it
 * in the wrong place.
 *
 * @see RFC 6749 section 2.3.1
 */
export function renderBasic(clientId: string, clientSecret: string): string {
  return `Basic ${btoa([clientId, clientSecret].map(formEncode).join(':'))}`
}

function formEncode(text: string): string {
  return new URLSearchParams({ t: text }).toString().slice(2)
}
