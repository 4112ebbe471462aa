// Who calls: the App with a JWT that is really verified, an installation with a live token, or nobody.
import { verify } from 'node:crypto'
import type { InstallationToken } from '../installations.ts'
import type { World } from '../world.ts'
import { ApiRefusal } from './answer.ts'

/** Who makes a call. */
export type Caller =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly token: InstallationToken }
  | { readonly kind: 'none' }

const longestJwtLifeSeconds = 10 * 60
/** Clocks drift; GitHub lets a token be this young. */
const clockLeewaySeconds = 60

/** Returns the caller named by an `Authorization` header; throws a 401 for bad credentials. */
export function authenticate(world: World, header: string | undefined): Caller {
  if (header === undefined) return { kind: 'none' }
  const [scheme = '', credential = ''] = header.split(' ')
  if (scheme.toLowerCase() === 'basic') return authenticatePassword(world, credential)
  if (credential.split('.').length === 3) {
    verifyAppJwt(world, credential)
    return { kind: 'app' }
  }
  return authenticateToken(world, credential)
}

/** Returns the caller's name in the record of calls. */
export function toActor(caller: Caller): string {
  return caller.kind === 'installation' ? `installation:${caller.token.installation.id}` : caller.kind
}

/** Returns the refusal of an installation that the account suspended. */
export function suspended(): ApiRefusal {
  return new ApiRefusal(403, 'This installation has been suspended')
}

function authenticatePassword(world: World, credential: string): Caller {
  const text = Buffer.from(credential, 'base64').toString()
  return authenticateToken(world, text.slice(text.indexOf(':') + 1))
}

function authenticateToken(world: World, value: string): Caller {
  const token = world.installations.findLiveToken(value)
  if (token === undefined) throw new ApiRefusal(401, 'Bad credentials')
  if (token.installation.suspendedAt !== null) throw suspended()
  return { kind: 'installation', token }
}

// Judged by the machine's clock and not by the fake's: clients sign with the machine's.
function verifyAppJwt(world: World, jwt: string): void {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    world.app.publicKey,
    Buffer.from(signature, 'base64url'),
  )
  if (!isSigned || decodePart(header)['alg'] !== 'RS256') {
    throw new ApiRefusal(401, 'A JSON web token could not be decoded')
  }
  const { iss, iat, exp } = decodePart(claims)
  const nowSeconds = Date.now() / 1000
  if (![String(world.app.id), world.app.clientId].includes(String(iss)))
    throw new ApiRefusal(404, 'Integration not found')
  if (typeof exp !== 'number' || exp <= nowSeconds) {
    throw new ApiRefusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  }
  if (exp > nowSeconds + longestJwtLifeSeconds + clockLeewaySeconds || typeof iat !== 'number') {
    throw new ApiRefusal(401, "'Expiration time' claim ('exp') is too far in the future")
  }
  if (iat > nowSeconds + clockLeewaySeconds) {
    throw new ApiRefusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  }
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {} // An unreadable part fails the check that asks for its fields.
  }
}
