// Files and refs over REST, read from the real repository.
import { ApiRefusal, notFound } from './answer.ts'
import type { Answer } from './answer.ts'
import { announceMoves, diffRefs } from '../pushes.ts'
import type { FakeRepository } from '../repository.ts'
import { answerPage } from './page.ts'
import { requiredText } from './request-body.ts'
import { repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

/** Routes about files and refs. */
export const gitRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/contents/{path}', ['contents:read'], readContents),
  repositoryRoute(
    'GET /repos/{owner}/{repo}/git/ref/{ref}',
    ['contents:read'],
    async ({ repository, params }) => {
      const ref = `refs/${params['ref'] ?? ''}`
      const sha = (await repository.git.refs()).get(ref)
      if (sha === undefined) throw notFound()
      return { status: 200, json: toRefJson(repository, ref, sha) }
    },
  ),
  repositoryRoute('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', ['contents:read'], listRefs),
  repositoryRoute('GET /repos/{owner}/{repo}/git/refs', ['contents:read'], listRefs),
  repositoryRoute('POST /repos/{owner}/{repo}/git/refs', ['contents:write'], createRef),
  repositoryRoute('DELETE /repos/{owner}/{repo}/git/refs/{ref}', ['contents:write'], deleteRef),
]

async function readContents({ world, repository, params, url, accept }: RepositoryRequest): Promise<Answer> {
  const path = params['path'] ?? ''
  const ref = url.searchParams.get('ref') ?? repository.defaultBranch
  const file = await repository.git.findFile(ref, path)
  if (file === undefined) throw notFound()
  const { bytes, id: sha } = file
  if (/\braw\b/.test(accept)) return { status: 200, raw: bytes }
  const api = `${world.links.api}/repos/${repository.fullName}`
  const self = `${api}/contents/${path}?ref=${ref}`
  const html = `${world.links.html}/${repository.fullName}/blob/${ref}/${path}`
  const json = {
    type: 'file',
    encoding: 'base64',
    size: bytes.length,
    name: path.split('/').at(-1),
    path,
    content: `${bytes.toString('base64').replaceAll(/(.{60})/g, '$1\n')}\n`,
    sha,
    url: self,
    git_url: `${api}/git/blobs/${sha}`,
    html_url: html,
    download_url: null,
    _links: { self, git: `${api}/git/blobs/${sha}`, html },
  }
  return { status: 200, json }
}

async function listRefs({ repository, params, url }: RepositoryRequest): Promise<Answer> {
  const refs = [...(await repository.git.refs())].filter(([ref]) =>
    ref.startsWith(`refs/${params['ref'] ?? ''}`),
  )
  return answerPage(
    url,
    refs.map(([ref, sha]) => toRefJson(repository, ref, sha)),
  )
}

function createRef({ world, repository, body }: RepositoryRequest): Promise<Answer> {
  const ref = requiredText(body, 'ref')
  const sha = requiredText(body, 'sha')
  const { git } = repository
  return git.exclusively(async () => {
    if (!/^refs\/[^/]+\/./.test(ref) || ref.startsWith('refs/pull/')) {
      throw new ApiRefusal(422, `Reference name must start with 'refs/' and contain at least two slashes.`)
    }
    const before = await git.refs()
    if (before.has(ref)) throw new ApiRefusal(422, 'Reference already exists')
    if ((await git.resolve(sha)) === undefined) throw new ApiRefusal(422, 'Object does not exist')
    if ((await git.tryRun(['update-ref', ref, sha])) === undefined)
      throw new ApiRefusal(422, 'Reference update failed')
    await announceMoves({ repository, moves: diffRefs(before, await git.refs()), pusher: world.app.bot })
    return { status: 201, json: toRefJson(repository, ref, sha) }
  })
}

function deleteRef({ world, repository, params }: RepositoryRequest): Promise<Answer> {
  const { git } = repository
  const ref = `refs/${params['ref'] ?? ''}`
  return git.exclusively(async () => {
    const before = await git.refs()
    if (!before.has(ref)) throw new ApiRefusal(422, 'Reference does not exist')
    await git.deleteRef(ref)
    await announceMoves({ repository, moves: diffRefs(before, await git.refs()), pusher: world.app.bot })
    return { status: 204 }
  })
}

function toRefJson({ world, fullName }: FakeRepository, ref: string, sha: string): Record<string, unknown> {
  const url = `${world.links.api}/repos/${fullName}/git`
  return {
    ref,
    node_id: '',
    url: `${url}/${ref}`,
    object: { type: 'commit', sha, url: `${url}/commits/${sha}` },
  }
}
