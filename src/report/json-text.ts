/** JSON for people: what holds no further list or object stands on one line. */
export function jsonText(value: object): string {
  return JSON.stringify(value, undefined, 1).replaceAll(/[[{][^[\]{}]*[\]}]/g, (flat) => flat.replaceAll(/\n\s*/g, ' '))
}
