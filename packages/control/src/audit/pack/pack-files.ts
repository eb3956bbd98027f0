// The files of an evidence pack. Their names and forms are public: auditors open them with other tools.

export const EVENTS = 'events.ndjson'
export const HASHES = 'hashes.ndjson'
export const CHECKPOINTS = 'checkpoints.json'
export const KEYS = 'jwks.json'
export const SUMMARY = 'README.html'
/** Signed last: it has the digests of all other files. */
export const MANIFEST = 'manifest.json'
