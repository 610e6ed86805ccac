import { exitCodes } from '../errors.ts'
export function trend(_folder: string, _options: { out?: string; json?: boolean }): number {
  return exitCodes.done
}
