/** "sessionsPerReplica" → "sessions-per-replica": the name of an option in files and on the command line. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
