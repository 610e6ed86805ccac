import type { RequestLabels } from '../../workload/reader.ts'

/** Dense numbers for sessions, tenants and categories. */
export function labelNumbers() {
  const tenants = new Map<string, number>()
  const categories = new Map<string, number>()
  const sessions = new Map<string | number, number>()
  let nextSession = 0
  const numbered = (numbers: Map<string, number>, label: string): number => {
    const number = numbers.get(label) ?? numbers.size
    numbers.set(label, number)
    return number
  }
  return {
    /** A request that names none, or follows one that is not in the trace, begins a session. */
    session({ session, link }: RequestLabels): number {
      const before = session ?? link?.parent
      const number = (before === undefined ? undefined : sessions.get(before)) ?? nextSession++
      const own = session ?? link?.id
      if (own !== undefined) sessions.set(own, number)
      return number
    },
    others: ({ tenant = '', category = '' }: RequestLabels) => ({
      tenant: numbered(tenants, tenant),
      category: numbered(categories, category),
    }),
  }
}
