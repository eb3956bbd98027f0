// English texts of this area.
export const integrationTexts = {} as const
