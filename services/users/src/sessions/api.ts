import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { typedEmailField } from '../accounts/email-address.ts'
import { UserSchema } from '../accounts/user-resource.ts'

/** Signing in checks no rules: what no account can have simply opens none. */
const LoginBody = z
  .strictObject({
    email: typedEmailField,
    password: z.string().min(1).max(256),
  })
  .meta({ id: 'LoginRequest' })

const TokensSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds'),
    refreshToken: z.string(),
  })
  .meta({ id: 'Tokens' })

const LoginSchema = TokensSchema.extend({ user: UserSchema }).meta({ id: 'Login' })

export const sessionsApi = defineApi({
  login: {
    method: 'post',
    path: '/auth/login',
    summary: 'Sign in',
    tag: 'sessions',
    permission: 'public',
    body: LoginBody,
    answers: { 200: { description: 'A session and its tokens', schema: LoginSchema } },
    problems: ['InvalidCredentials', 'EmailNotVerified', 'Busy'],
    limit: 'sign-in',
  },
  refresh: {
    method: 'post',
    path: '/auth/refresh',
    summary: 'Exchange a refresh token for its successor',
    tag: 'sessions',
    permission: 'public',
    body: z.strictObject({ refreshToken: z.string().min(20).max(200) }),
    answers: { 200: { description: 'New tokens; the old refresh token is used up', schema: TokensSchema } },
    problems: ['InvalidToken'],
  },
  logout: {
    method: 'post',
    path: '/auth/logout',
    summary: 'End this session, everywhere within a second',
    tag: 'sessions',
    permission: 'account.own',
    answers: { 204: { description: 'The session has ended' } },
  },
})
