/** How standard output takes text. */
export function terminal(): { readonly colour: boolean; readonly width: number } {
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  return { colour, width: Math.min(100, process.stdout.columns ?? 100) }
}
