/** What GraphiQL opens with: the questions that people come with, ready to run. */
export const graphiqlTabs = [
  {
    query: `# The page that takes 1,201 calls by hand: 1,000 units with their capture type and merchant.
# One request; the gateway asks for each merchant once. Press Ctrl-Enter to run it.
query AdminPage($first: Int = 1000) {
  salesUnits(first: $first, orderBy: { field: NAME }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      msn
      name
      configuration { captureType }
      merchant { name status }
    }
  }
}
`,
    variables: '{ "first": 1000 }',
  },
  {
    query: `# One unit by its merchant serial number. Take an msn from the page in the first tab.
query OneUnit($msn: String!) {
  salesUnit(msn: $msn) {
    msn
    name
    configuration { captureType paymentAllowed recurringAllowed }
    merchant {
      businessIdentifier { scheme id }
      name
      businessAddress { lines postCode city }
    }
    productOrder { status url }
  }
}
`,
    variables: '{ "msn": "{{MSN}}" }',
  },
  {
    query: `# Orders that still need somebody, with the merchant where the business is one already.
query OpenOrders {
  productOrders(first: 50, filter: { status: [RECEIVED, MERCHANT_VIEWED, ORDER_SUBMITTED] }) {
    totalCount
    nodes {
      productOrderId
      type
      status
      productType
      businessIdentifier { scheme id }
      url
    }
  }
}
`,
  },
  {
    query: `# The prices that a partner may give to a merchant.
query Prices {
  pricePackages(filter: { market: [NO] }) {
    pricePackageId
    name
    description
    productType
    commission
  }
}
`,
  },
];
