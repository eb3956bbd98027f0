// For Next.js route handlers, which are functions from Request to Response: the words of `./fetch`.
export { metadata, protect, type ProtectedHandler } from './fetch.ts'
