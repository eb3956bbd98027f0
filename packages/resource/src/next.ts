// For Next.js route handlers, which are functions from Request to Response: re-exports `./fetch`.
export { metadata, protect, type ProtectedHandler } from './fetch.ts'
