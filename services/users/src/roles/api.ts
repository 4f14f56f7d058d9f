import { roleSchema } from '@rollcall/contracts/roles'
import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { reasonField } from '../accounts/reason.ts'
import { UserSchema } from '../accounts/user-resource.ts'

const RoleBody = z
  .strictObject({
    role: roleSchema.exclude(['anonymous']),
    reason: reasonField.optional(),
  })
  .meta({ id: 'RoleChange', example: { role: 'organizer', reason: 'Runs the summer school' } })

export const rolesApi = defineApi({
  changeRole: {
    method: 'patch',
    path: '/users/{userId}/role',
    summary: 'Give somebody another role; it holds in every service within a second',
    tag: 'roles',
    permission: 'users.change-role',
    params: z.object({ userId: idField }),
    body: RoleBody,
    answers: { 200: { description: 'The user with the new role', schema: UserSchema } },
    problems: ['UserNotFound', 'OwnRole', 'LastAdmin'],
  },
  setOperator: {
    method: 'put',
    path: '/users/{userId}/operator',
    summary: 'Give or withdraw the operator status, which opens the pages of operators',
    tag: 'roles',
    permission: 'users.change-operator',
    params: z.object({ userId: idField }),
    body: z.strictObject({ operator: z.boolean() }).meta({ id: 'OperatorStatus', example: { operator: true } }),
    answers: { 200: { description: 'The user with the status', schema: UserSchema } },
    problems: ['UserNotFound'],
  },
})
