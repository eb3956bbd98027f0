// English texts of this area.
export const connectionTexts = {} as const
