import { typedEmailField } from '@rollcall/http/email-address'
import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { UserSchema } from '../accounts/user-resource.ts'

/** Signing in checks no rules: what no account can have simply opens none. */
const typedPassword = z.string().min(1).max(256)

const LoginBody = z
  .strictObject({
    email: typedEmailField,
    password: typedPassword,
  })
  .meta({ id: 'LoginRequest', example: { email: 'ada@example.org', password: 'Correct horse 7!' } })

const TokensSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds'),
    refreshToken: z.string(),
  })
  .meta({ id: 'Tokens' })

const LoginSchema = TokensSchema.extend({ user: UserSchema }).meta({ id: 'Login' })

const refreshTokenField = z.string().min(20).max(200)

/** RFC 6749; what it does not name is ignored, as section 3.2 asks. */
const TokenBody = z
  .object({
    grant_type: z.string().max(100).describe('`password` or `refresh_token`'),
    username: typedEmailField.optional().describe('The e-mail address, for the grant `password`'),
    password: typedPassword.optional(),
    refresh_token: refreshTokenField.optional(),
    client_id: z.string().max(200).optional(),
    client_secret: z.string().max(200).optional(),
  })
  .meta({
    id: 'TokenRequest',
    example: { grant_type: 'password', username: 'ada@example.org', password: 'Correct horse 7!' },
  })

const TokenSchema = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds'),
    refresh_token: z.string(),
  })
  .meta({ id: 'Token' })

const SessionSchema = z
  .object({
    id: z.uuid(),
    device: z.string().nullable().describe('What the client calls itself'),
    address: z.string().nullable().describe('Where it was used from last'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().describe('However often it is refreshed'),
    current: z.boolean().describe('The session of this very request'),
  })
  .meta({ id: 'Session' })

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
  issueToken: {
    method: 'post',
    path: '/auth/token',
    summary: 'Token endpoint of OAuth 2.0 (RFC 6749); the grant `password` is for first-party clients only',
    tag: 'sessions',
    permission: 'public',
    form: true,
    refusals: 'oauth',
    body: TokenBody,
    answers: { 200: { description: 'An access token and a refresh token', schema: TokenSchema } },
    problems: ['InvalidCredentials', 'EmailNotVerified', 'InvalidToken', 'Unauthenticated', 'Busy'],
    limit: 'sign-in',
  },
  refresh: {
    method: 'post',
    path: '/auth/refresh',
    summary: 'Exchange a refresh token for its successor',
    tag: 'sessions',
    permission: 'public',
    body: z
      .strictObject({ refreshToken: refreshTokenField })
      .meta({ example: { refreshToken: 'YkU3gqWmGJ5n0s4vV8yQ2Zt6rXcB9dLh1oPzTfKaEwM' } }),
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
  logoutEverywhere: {
    method: 'post',
    path: '/auth/logout-all',
    summary: 'End every session of the signed-in user, this one as well',
    tag: 'sessions',
    permission: 'account.own',
    answers: { 204: { description: 'All sessions have ended' } },
  },
  listSessions: {
    method: 'get',
    path: '/me/sessions',
    summary: 'Where the signed-in user is signed in',
    tag: 'sessions',
    permission: 'account.own',
    answers: {
      200: { description: 'Living sessions, the last used first', schema: z.object({ items: z.array(SessionSchema) }) },
    },
  },
  endSession: {
    method: 'delete',
    path: '/me/sessions/{sessionId}',
    summary: 'End one session',
    tag: 'sessions',
    permission: 'account.own',
    params: z.object({ sessionId: idField }),
    answers: { 204: { description: 'The session has ended' } },
  },
})
