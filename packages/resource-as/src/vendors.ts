// Entries of `trustedIssuers` for identity products that are known, by the presets of the protocol.
export { trustedIssuer } from '@crosswalk/protocol/vendors'
