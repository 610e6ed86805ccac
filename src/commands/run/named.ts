import { unknownName } from '../../errors.ts'

/** The member of a family that an option names. @param where the option, for messages */
export function named<T extends { readonly name: string }>(
  where: string,
  kind: string,
  name: string,
  known: readonly T[],
): T {
  const found = known.find((candidate) => candidate.name === name)
  if (found === undefined)
    throw unknownName(
      where,
      kind,
      name,
      known.map((candidate) => candidate.name),
    )
  return found
}
