// Entries of `trustedIssuers` for known identity products, from the presets of the protocol package.
export { trustedIssuer } from '@crosswalk/protocol/vendors'
