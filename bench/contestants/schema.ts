/** The part of the gateway's schema that the questions need, for servers that others would write. */
export const typeDefs = /* GraphQL */ `
  type Query {
    salesUnits(first: Int, after: String): SalesUnitConnection!
    salesUnit(msn: String!): SalesUnit
    pricePackages: [PricePackage]!
  }
  type SalesUnitConnection {
    edges: [SalesUnitEdge!]!
    nodes: [SalesUnit!]!
  }
  type SalesUnitEdge {
    cursor: String!
  }
  type SalesUnit {
    msn: String!
    name: String
    configuration: SalesUnitConfiguration
    merchant: Merchant
  }
  type SalesUnitConfiguration {
    captureType: String
  }
  type Merchant {
    name: String
    status: String
  }
  type PricePackage {
    pricePackageId: ID!
    name: String
    description: String
  }
  type Mutation {
    prefillProductOrder(input: PrefillProductOrderInput!): PrefillProductOrderPayload!
  }
  input PrefillProductOrderInput {
    businessIdentifier: BusinessIdentifierInput!
    productType: String!
    idempotencyKey: String
  }
  input BusinessIdentifierInput {
    scheme: String!
    value: String!
  }
  type PrefillProductOrderPayload {
    prefillUrl: String
    userErrors: [UserError!]!
  }
  type UserError {
    message: String!
  }
`;
