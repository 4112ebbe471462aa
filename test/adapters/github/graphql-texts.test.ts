// Every GraphQL text of the program against GitHub's published schema. The texts are found in the source itself, so
// that a new one can not stay unseen.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ROOT, typeScriptFiles } from '../../../scripts/repository-files.ts'
import { githubSchema } from '../../support/fake-github/graphql/github-schema.ts'

interface GraphqlText {
  readonly file: string
  readonly text: string
}

const OPERATION = /^\s*(?:query|mutation|subscription)\b[^;]*\{/u

/** Returns every text of a source that reads like an operation, and how often `graphql(` is called. */
function graphqlIn(file: string, source: string): { readonly texts: GraphqlText[]; readonly calls: number } {
  const texts: GraphqlText[] = []
  let calls = 0
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && OPERATION.test(node.text)) texts.push({ file, text: node.text })
    // A text put together from parts can not be judged here.
    if (ts.isTemplateExpression(node) && OPERATION.test(node.head.text)) {
      throw new Error(`${file} puts a GraphQL text together: use variables.`)
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'graphql') {
      calls += 1
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest))
  return { texts, calls }
}

async function faultsOf(text: string): Promise<readonly string[]> {
  const rules = [...specifiedRules, NoDeprecatedCustomRule]
  return validate(await githubSchema(), parse(text), rules).map(({ message }) => message)
}

async function graphqlOfTheProgram() {
  const files = await typeScriptFiles(ROOT, ['src'])
  const found = await Promise.all(
    files.map(async (file) => graphqlIn(file, await readFile(join(ROOT, file), 'utf8'))),
  )
  return {
    texts: found.flatMap(({ texts }) => texts),
    calls: found.reduce((sum, { calls }) => sum + calls, 0),
  }
}

describe('the GraphQL texts of the program', () => {
  it('are what GitHub’s published schema allows, with nothing deprecated', async () => {
    const { texts } = await graphqlOfTheProgram()
    for (const { file, text } of texts)
      expect({ file, faults: await faultsOf(text) }).toEqual({ file, faults: [] })
  })

  it('are all found: one for each call', async () => {
    const { texts, calls } = await graphqlOfTheProgram()
    expect(calls).toBeGreaterThanOrEqual(2)
    expect(texts.length).toBe(calls)
  })
})

describe('the check itself', () => {
  it('names a field that does not exist, a wrong type, and what is deprecated', async () => {
    const wrong = 'query ($id: Int!) { node(id: $id) { ... on PullRequestReview { bodyy databaseId } } }'
    expect(graphqlIn('a.ts', `const A = \`${wrong}\`; graphql(A)`)).toEqual({
      texts: [{ file: 'a.ts', text: wrong }],
      calls: 1,
    })
    const faults = (await faultsOf(wrong)).join('\n')
    expect(faults).toContain('Cannot query field "bodyy"')
    expect(faults).toContain('Variable "$id" of type "Int!"')
    expect(faults).toContain('databaseId is deprecated')
    expect(() => graphqlIn('a.ts', 'const A = `query { ${more} }`')).toThrow('use variables')
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
