// The key of a client that is assumed to send a DPoP proof: for simulations, tests and replays, which see no proof.

/** A placeholder for the thumbprint; no real one is this short. */
export const ASSUMED_KEY = 'assumed'
