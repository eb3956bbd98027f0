/**
 * Matches JWTs, also shortened ones: the usual beginnings of their headers, or any JSON object before a dot. `eyJ` alone
 * (`{"` in base64url) also occurs in random ids.
 */
export const JWT = /eyJ(?:hbGci|0eXAi|raWQi|[\w-]{8,}\.)/
