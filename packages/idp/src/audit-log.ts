/** Names the audit log of the IdP, and the owner of its keys. */
export const IDP_LOG = 'idp'
