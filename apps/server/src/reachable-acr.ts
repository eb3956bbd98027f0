/** Authentication contexts a sign-in here can reach: a password alone names none. */
export const REACHABLE_ACR_VALUES: readonly string[] = []
