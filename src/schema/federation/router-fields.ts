/** Root fields for routers only. */
export const routerFields = ['_entities', '_service'];
