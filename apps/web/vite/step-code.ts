import { parseSync } from 'vite'

/** Any node of a syntax tree. */
type Node = Readonly<Record<string, unknown>>

/**
 * The source of each step's `run` in a recipe's file, by the step's id.
 *
 * @throws Error when the file isn't written as recipes are
 */
export function stepCode(file: string, source: string): ReadonlyMap<string, string> {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const code = new Map<string, string>()
  walk(program, (node) => {
    if (node.type !== 'ObjectExpression') return
    const id = property(node, 'id')
    const run = property(node, 'run')
    const name = isNode(id?.value) ? id.value.value : undefined
    if (run && typeof name === 'string') code.set(name, dedent(source, Number(run.start), Number(run.end)))
  })
  if (code.size === 0) throw new Error(`${file}: expected steps with an id and a run, got none.`)
  return code
}

/** What a file imports from `./steps/`: the path, by the imported name. */
export function stepHelpers(source: string): ReadonlyMap<string, string> {
  const imports = source.matchAll(/^import \{([^}]+)\} from '(\.\/steps\/[\w-]+\.ts)'$/gm)
  return new Map(
    [...imports].flatMap(([, names = '', path = '']) => names.split(',').map((name) => [name.trim(), path] as const)),
  )
}

function property(node: Node, name: string): Node | undefined {
  const properties = Array.isArray(node.properties) ? node.properties.filter(isNode) : []
  return properties.find(({ key }) => isNode(key) && key.name === name)
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (!isNode(value)) return
  visit(value)
  for (const child of Object.values(value).flat()) walk(child, visit)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

/** The text between two places, its later lines moved left as far as its first one is. */
function dedent(source: string, start: number, end: number): string {
  const indent = start - (source.lastIndexOf('\n', start) + 1)
  return source
    .slice(start, end)
    .split('\n')
    .map((line, i) => (i > 0 && line.slice(0, indent).trim() === '' ? line.slice(indent) : line))
    .join('\n')
}
