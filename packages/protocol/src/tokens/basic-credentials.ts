/**
 * The credentials of HTTP Basic before base64, which needs the platform. Both parts are encoded; otherwise a colon in the
 * id would split them in the wrong place. A space becomes `%20` instead of the `+` of forms, because some servers decode
 * only percent signs.
 *
 * @see RFC 6749 section 2.3.1
 */
export function renderBasicCredentials(clientId: string, clientSecret: string): string {
  return [clientId, clientSecret].map(encodeURIComponent).join(':')
}
