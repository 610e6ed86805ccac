/** Number formats of KV in memory. */
export const kvFormats = ['bf16', 'fp8', 'int8'] as const
export type KvFormat = (typeof kvFormats)[number]
