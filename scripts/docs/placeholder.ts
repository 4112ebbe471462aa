// Stands in for the details of an error, so that its texts can be shown without a real case.

/** A number that reads well when a text divides milliseconds by 1000. */
const SAMPLE_NUMBER = 60_000

/** Returns details whose every field renders as its own name in braces; throws when a text asks for more than that. */
export function placeholderDetails(): Readonly<Record<string, unknown>> {
  return new Proxy({}, { get: (_target, name) => placeholder(String(name)) })
}

function placeholder(name: string): unknown {
  const text = `{${name}}`
  const known: Readonly<Record<string | symbol, unknown>> = {
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? SAMPLE_NUMBER : text),
    toString: () => text,
    join: () => text,
    map: () => [text],
    length: 2,
  }
  return new Proxy(known, {
    get: (target, key) => {
      if (key in target) return target[key]
      throw new Error(`a text uses ${name}.${String(key)}, which scripts/docs/placeholder.ts can not show`)
    },
  })
}
