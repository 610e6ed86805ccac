/** As much of jstat as the tests hold our own statistics against; it has no types of its own. */
declare module 'jstat' {
  interface Distribution {
    cdf(value: number, ...parameters: number[]): number
    inv(probability: number, ...parameters: number[]): number
  }
  export const studentt: Distribution
  export const normal: Distribution
}
