import type { Report, Validation } from '../report.ts'

/** What the name of a GPU ends in where its rates were fitted to points that the user measured. */
const suffix = ' (measured points)'

export function hasMeasuredPoints({ setup, target }: Report): boolean {
  return setup.gpu.endsWith(suffix) || target.gpu.endsWith(suffix)
}

/** The GPU's own name. */
export function withoutPoints(gpu: string): string {
  return gpu.endsWith(suffix) ? gpu.slice(0, -suffix.length) : gpu
}

/** Published measurements say how good the catalogue's rates are, and nothing about rates that were measured. */
export function modelValidation(report: Report): Validation | undefined {
  return hasMeasuredPoints(report) ? undefined : report.validation
}
