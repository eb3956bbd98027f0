// English texts of this area.
export const peopleTexts = {} as const
