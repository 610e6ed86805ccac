import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A command as a document prints it, and where. */
export interface DocCommand {
  readonly place: string
  readonly command: string
}

/** Files whose commands a reader may type. */
function documents(root: string): string[] {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', 'backends/wasm/README.md', 'tools/README.md', ...docs.map((name) => `docs/${name}`)]
}

/** Every command in a fenced block without a language, continued lines joined, comments left out, "a|b" once for each. */
export function docCommands(root: string): DocCommand[] {
  return documents(root).flatMap((place) => {
    const blocks = [...readFileSync(join(root, place), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    const plain = blocks.filter(([, language]) => language === '')
    const lines = plain.flatMap(([, , text]) => text!.replaceAll(/\\\n\s*/g, '').split('\n'))
    return lines
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => /^(?:npx memwall|memwall|npm|node|git|bash|sh|python3|npx vitest) /.test(line))
      .flatMap(alternatives)
      .map((command) => ({ place, command }))
  })
}

function alternatives(command: string): string[] {
  const choice = /\S+(?:\|\S+)+/.exec(command)?.[0]
  return choice === undefined ? [command] : choice.split('|').map((one) => command.replace(choice, one))
}
