import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql'

const whole = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value)
const text = (value: unknown): boolean => typeof value === 'string'

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  Boolean: (value) => typeof value === 'boolean',
  Int: whole,
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
  String: text,
  ID: (value) => text(value) || whole(value),
}

/** Whether a value can be one of a scalar or an enumeration, as Apollo's gateway checks it: of a custom scalar, any can. */
export function leafCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) !== undefined
  return (isSpecifiedScalarType(type) && scalars[type.name]) || (() => true)
}
