// Every GraphQL text of the program against GitHub's published schema. The texts are found in the source itself, so
// that a new one can not stay unseen.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { glanceText } from '../../../src/adapters/github/glance-texts.ts'
import { OBSERVE_AND_LOOK, OBSERVE_PULL_REQUEST } from '../../../src/adapters/github/observation-texts.ts'
import { ROOT, typeScriptFiles } from '../../../scripts/repository-files.ts'
import { githubSchema } from '../../support/fake-github/graphql/github-schema.ts'

interface GraphqlText {
  readonly file: string
  readonly text: string
}

interface GraphqlSource {
  /** Texts that stand in the source as they are sent. */
  readonly texts: readonly GraphqlText[]
  /** Names of operations whose text is put together from parts. */
  readonly assembled: readonly string[]
  /** Calls of `graphql` whose text does not stand in the same file. */
  readonly unseen: readonly string[]
}

const OPERATION = /^\s*(?:query|mutation|subscription)\b[^;]*\{|^\s*(?:query|mutation)\s+\w+\s*\(/u
const NAME = /^\s*(?:query|mutation|subscription)\s+(\w+)/u

/** Each text that is put together is made here the way the program makes it, short and longer. */
const ASSEMBLED: readonly GraphqlText[] = [
  ...[1, 3].map((count) => ({ file: 'src/adapters/github/glance-texts.ts', text: glanceText(count) })),
  ...[OBSERVE_PULL_REQUEST, OBSERVE_AND_LOOK].map((text) => ({
    file: 'src/adapters/github/observation-texts.ts',
    text,
  })),
]

/** The one file that sends texts it did not write. */
const READER = 'src/adapters/github/graphql-reads.ts'

function graphqlIn(file: string, source: string): GraphqlSource {
  const texts: GraphqlText[] = []
  const assembled: string[] = []
  const declared = new Set<string>()
  const called: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && OPERATION.test(node.text)) texts.push({ file, text: node.text })
    if (ts.isTemplateExpression(node) && OPERATION.test(node.head.text))
      assembled.push(nameOf(node.head.text))
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      if (node.initializer !== undefined && ts.isStringLiteralLike(node.initializer))
        declared.add(node.name.text)
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'graphql') {
      const [text] = node.arguments
      called.push(text !== undefined && ts.isIdentifier(text) ? text.text : '')
    }
    ts.forEachChild(node, visit)
  }
  // Reading a file as TypeScript is slow, and few hold a query.
  if (/\bquery\b|\bmutation\b|\bsubscription\b|\bgraphql\(/u.test(source))
    visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest))
  return { texts, assembled, unseen: called.filter((name) => !declared.has(name)).map(() => file) }
}

function nameOf(text: string): string {
  return NAME.exec(text)?.[1] ?? 'a text without a name'
}

async function faultsOf(text: string): Promise<readonly string[]> {
  const rules = [...specifiedRules, NoDeprecatedCustomRule]
  return validate(await githubSchema(), parse(text), rules).map(({ message }) => message)
}

let reading: Promise<GraphqlSource> | undefined

function graphqlOfTheProgram(): Promise<GraphqlSource> {
  return (reading ??= readProgram())
}

async function readProgram(): Promise<GraphqlSource> {
  const files = await typeScriptFiles(ROOT, ['src'])
  const found = await Promise.all(
    files.map(async (file) => graphqlIn(file, await readFile(join(ROOT, file), 'utf8'))),
  )
  return {
    texts: found.flatMap(({ texts }) => texts),
    assembled: found.flatMap(({ assembled }) => assembled),
    unseen: found.flatMap(({ unseen }) => unseen),
  }
}

describe('the GraphQL texts of the program', () => {
  it('are what GitHub’s published schema allows, with nothing deprecated', async () => {
    const { texts } = await graphqlOfTheProgram()
    for (const { file, text } of [...texts, ...ASSEMBLED])
      expect({ file, faults: await faultsOf(text) }).toEqual({ file, faults: [] })
  })

  it('are all found: those that stand in the source, and those that are put together', async () => {
    const { texts, assembled, unseen } = await graphqlOfTheProgram()
    const names = texts.map(({ text }) => nameOf(text))
    expect(names).toEqual(expect.arrayContaining(['AddReaction', 'ReadThreadComments', 'ReadComment']))
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(assembled)).toEqual(new Set(ASSEMBLED.map(({ text }) => nameOf(text))))
    expect(unseen).toEqual([])
  })

  it('are sent by nobody who hides them: one file alone sends what others wrote', async () => {
    const files = await typeScriptFiles(ROOT, ['src/adapters', 'src/workflows', 'src/main'])
    const senders: string[] = []
    for (const file of files) {
      if (/\{ query \}|\.query\(|\.graphql\(/u.test(await readFile(join(ROOT, file), 'utf8')))
        senders.push(file)
    }
    expect(senders).toEqual([READER])
  })
})

describe('the check itself', () => {
  it('names a field that does not exist, a wrong type, and what is deprecated', async () => {
    const wrong = 'query ($id: Int!) { node(id: $id) { ... on PullRequestReview { bodyy databaseId } } }'
    expect(graphqlIn('a.ts', `const A = \`${wrong}\`; graphql(A)`)).toEqual({
      texts: [{ file: 'a.ts', text: wrong }],
      assembled: [],
      unseen: [],
    })
    const faults = (await faultsOf(wrong)).join('\n')
    expect(faults).toContain('Cannot query field "bodyy"')
    expect(faults).toContain('Variable "$id" of type "Int!"')
    expect(faults).toContain('databaseId is deprecated')
  })

  it('sees a text that is put together, and one that comes from elsewhere', () => {
    expect(graphqlIn('a.ts', 'const A = `query Odd { ${more} }`').assembled).toEqual(['Odd'])
    expect(graphqlIn('a.ts', 'const A = `query Odd(${more}) { a }`').assembled).toEqual(['Odd'])
    expect(graphqlIn('a.ts', 'graphql(text)').unseen).toEqual(['a.ts'])
    expect(graphqlIn('a.ts', 'graphql(`query A { a }`.trim())').unseen).toEqual(['a.ts'])
  })

  it.each(['IssueComment', 'PullRequestReview', 'PullRequestReviewComment', 'Issue', 'PullRequest'])(
    'knows that %s is something the reader of comments reads',
    async (type) => {
      const comment = (await githubSchema()).getType('Comment')
      const named = (await githubSchema()).getType(type)
      expect(named).toMatchObject({ name: type })
      const interfaces = named !== undefined && 'getInterfaces' in named ? named.getInterfaces() : []
      expect(interfaces).toContain(comment)
    },
  )
})
