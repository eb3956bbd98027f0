// English texts of this area.
export const policyTexts = {} as const
