// Decodes tokens without keys; also runs in browsers.
export { type DecodedToken, decodeToken, KIND_NAMES, stripToken, type TokenKind } from './decode-token.ts'
export { type Lint, lintToken } from './lints.ts'
export { TIME_CLAIMS, renderTime } from './time-claims.ts'
