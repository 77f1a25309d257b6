/**
 * The tabs that GraphiQL opens with: common queries, ready to run. Lines are short, since the editor shows about 55
 * characters. The first tab has no variables, since GraphiQL would not show them.
 */
export const graphiqlTabs: readonly { readonly query: string; readonly variables?: string }[] = [
  {
    query: `# Up to 1,000 units with their capture type and
# merchant: 1,201 calls by hand, one request here.
# Ctrl-Enter runs it.
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
  },
  {
    query: `# One unit by its merchant serial number.
# AdminPage shows others.
query OneUnit($msn: String!) {
  salesUnit(msn: $msn) {
    msn
    name
    configuration {
      captureType
      paymentAllowed
      recurringAllowed
    }
    merchant {
      businessIdentifier { scheme value }
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
    query: `# Orders that wait for the merchant or for
# Vipps MobilePay.
query OpenOrders {
  productOrders(
    first: 50
    filter: {
      status: [RECEIVED, MERCHANT_VIEWED, ORDER_SUBMITTED]
    }
  ) {
    totalCount
    nodes {
      productOrderId
      type
      status
      productType
      businessIdentifier { scheme value }
      url
    }
  }
}
`,
  },
  {
    query: `# The prices that a partner may give to
# a merchant in Norway.
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
  {
    query: `# What changed, oldest first. Keep endCursor, and
# send it as after the next time.
query Changes($after: String) {
  changes(first: 50, after: $after) {
    observedSince
    pageInfo { endCursor hasNextPage }
    nodes {
      at
      kind
      msn
      productOrderId
      fields { name before after }
    }
  }
}
`,
    variables: '{ "after": null }',
  },
  {
    query: `# The same as it happens, until you stop it.
subscription Live($after: String) {
  changes(after: $after) {
    cursor
    caughtUp
    change {
      at
      kind
      msn
      productOrderId
      fields { name before after }
    }
  }
}
`,
    variables: '{ "after": null }',
  },
  {
    query: `# Orders a product for a merchant, who completes the
# order behind prefillUrl. With dryRun, the input is
# only checked.
mutation Onboard($input: PrefillProductOrderInput!) {
  prefillProductOrder(input: $input) {
    productOrder { productOrderId status }
    prefillUrl
    expiresAt
    idempotencyKey
    userErrors { code field message }
    hints { code field message }
  }
}
`,
    variables: `{
  "input": {
    "dryRun": {{DRY_RUN}},
    "businessIdentifier": {
      "scheme": "business:NO:ORG",
      "value": "123456785"
    },
    "productType": "PAYMENT_INTEGRATION",
    "salesUnitName": "Example Gym",
    "productUseCase": "WEBSITE",
    "website": {
      "url": "https://example.com",
      "termsUrl": "https://example.com/terms"
    },
    "settlementBankAccount": {
      "scheme": "BBAN:NO",
      "value": "86011117947"
    },
    "intendedPurpose": "Gym memberships sold online."
  }
}`,
  },
];

/** Values of the tabs that depend on the data. Only the sandbox may have an order at the first click. */
export const tabVariables = (text: string, msn: string, isSandbox: boolean): string =>
  text.replace('{{MSN}}', msn).replace('{{DRY_RUN}}', String(!isSandbox));
