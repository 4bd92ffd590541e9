import type { ApolloGateway } from '@apollo/gateway'
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server'

/** What Apollo's server asks of a gateway. */
export type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway']
export type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>
/** One request, as the server hands it over. */
export type Request = Parameters<Executor>[0]
export type Result = Awaited<ReturnType<Executor>>

/** What the gateway tells of an operation that it has planned, without the request that it was planned for. */
export type Plan = Omit<
  Parameters<
    NonNullable<NonNullable<ConstructorParameters<typeof ApolloGateway>[0]>['experimental_didResolveQueryPlan']>
  >[0],
  'requestContext'
>
export type PlanNode = NonNullable<Plan['queryPlan']['node']>
export type FetchNode = Extract<PlanNode, { kind: 'Fetch' }>
/** Which fields of an entity a fetch sends along. */
export type RequiredSelection = NonNullable<FetchNode['requires']>[number]

/** The operation, or what its plan asks for, is one that is not compiled: the gateway executes it itself. */
export class Unsupported extends Error {}

/** A JSON object on its way through. */
export type Data = Record<string, unknown>

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
