/** The audit log in which the identity provider writes. */
export const LOG = 'idp'
