import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'

/** What metrics and spans are of. */
export const resource: Resource = resourceFromAttributes({ 'service.name': 'modelops' })
