/** The name of the identity provider's audit log. */
export const LOG = 'idp'
