// Tokens laid open, without keys: runs in a browser too.
export { type DecodedToken, decodeToken, KIND_NAMES, stripToken, type TokenKind } from './decode-token.ts'
export { type Lint, lintToken } from './lints.ts'
export { MOMENTS, renderMoment } from './moments.ts'
